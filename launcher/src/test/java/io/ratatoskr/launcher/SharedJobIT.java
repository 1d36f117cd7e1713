package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
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
  private static final long THREE_RECORDS = 3L * 32 * 384 * Float.BYTES;

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
    Deque<ChildJvm> workers = new ArrayDeque<>();
    ChildJvm job =
        TestProcess.interruptHalfWay(
            output,
            temp.resolve("vectors.jsonl.job/window-000000.journal"),
            THREE_RECORDS,
            () -> {
              while (workers.size() < 2) {
                workers.add(killer.start(ratatoskr("serve", "embed", "--bootstrap", bootstrap)));
              }
              workers.forEach(worker -> worker.awaitLine("^Ready", PATIENCE));
              return killer.start(
                  ratatoskr(
                      "embed",
                      "--overwrite",
                      "--bootstrap",
                      bootstrap,
                      "--input",
                      input.toString(),
                      "--output",
                      output.toString()));
            },
            _ -> workers.removeFirst().kill());

    assertThat(job.awaitExit(PATIENCE)).as(job.output()).isEqualTo(ExitCode.WHOLE);
    List<JsonNode> rows =
        Files.readAllLines(output).stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .extracting(row -> row.get("id").asString())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, LINES).mapToObj(Integer::toString).toList());
    assertThat(rows).allMatch(row -> row.get("embedding").size() == 384);
    assertThat(up.isAlive()).isTrue();
    assertThat(workers).allMatch(ChildJvm::isAlive);
  }

  private static String line(int number) {
    return ("Sentence " + number + " tells of squirrels that carry messages. ")
        .repeat(1 + number % 12);
  }

  private static Command ratatoskr(String... args) {
    return Command.of(Main.class, args).withHeap("512m");
  }
}
