package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The all-in-one and two further workers share a job with the built-in model. */
@ExtendWith(ProcessKiller.Extension.class)
class SharedJobIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LINES = 800;

  @TempDir private Path temp;

  @Test
  void workerKilledHalfWay_jobIsWhole(ProcessKiller killer) throws IOException {
    Path input = temp.resolve("corpus.txt");
    Files.write(input, IntStream.rangeClosed(1, LINES).mapToObj(SharedJobIT::line).toList());
    Path output = temp.resolve("vectors.jsonl");

    ChildJvm up =
        killer.start(
            ratatoskr(
                    "up",
                    "--port",
                    "0",
                    "--kafka-port",
                    "0",
                    "--data",
                    temp.resolve("data").toString())
                .withHeap("1g"));
    String bootstrap = up.awaitLine("^Kafka ", PATIENCE).replaceFirst("^Kafka +", "");
    List<ChildJvm> workers =
        Stream.generate(() -> killer.start(ratatoskr("serve", "embed", "--bootstrap", bootstrap)))
            .limit(2)
            .toList();
    workers.forEach(worker -> worker.awaitLine("^Ready", PATIENCE));

    ChildJvm job =
        killer.start(
            ratatoskr(
                "embed",
                "--bootstrap",
                bootstrap,
                "--input",
                input.toString(),
                "--output",
                output.toString()));
    FaultWire wire = new FaultWire(bootstrap);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !job.isAlive() || wire.read(Topics.results(Lane.BULK)).size() >= 3);
    assertThat(job.isAlive()).as(job.output()).isTrue();
    workers.getFirst().kill();

    assertThat(job.awaitExit(PATIENCE)).as(job.output()).isEqualTo(ExitCode.WHOLE);
    List<JsonNode> rows =
        Files.readAllLines(output).stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .extracting(row -> row.get("id").asString())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, LINES).mapToObj(Integer::toString).toList());
    assertThat(rows).allMatch(row -> row.get("embedding").size() == 384);
    assertThat(up.isAlive()).isTrue();
    assertThat(workers.getLast().isAlive()).isTrue();
  }

  private static String line(int number) {
    return ("Sentence " + number + " tells of squirrels that carry messages. ")
        .repeat(1 + number % 12);
  }

  private static Command ratatoskr(String... args) {
    return Command.of(Main.class, args).withHeap("512m");
  }
}
