package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands with the built-in models, each run in a process of its own. */
@ExtendWith(ProcessKiller.Extension.class)
@Timeout(300)
class RetrieveCommandIT {
  private static final Path CORPUS = Path.of("../docs/examples/corpus.jsonl").toAbsolutePath();
  private static final Path QUERIES = Path.of("../docs/examples/queries.jsonl").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int KILLED = 137;

  @TempDir private static Path folder;
  private static Path vectors;

  @BeforeAll
  static void embed(ProcessKiller killer) {
    vectors = folder.resolve("vectors.parquet");
    ChildJvm child =
        run(killer, "embed", "--input", CORPUS.toString(), "--output", vectors.toString());
    assertThat(child.awaitExit(PATIENCE)).as(child::output).isEqualTo(ExitCode.ERROR_LINES);
  }

  private static ChildJvm run(ProcessKiller killer, String... args) {
    return killer.start(TestProcess.command(args));
  }

  private static ChildJvm retrieve(
      ProcessKiller killer, Path queries, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "retrieve",
                "--corpus",
                vectors.toString(),
                "--texts",
                CORPUS.toString(),
                "--queries",
                queries.toString(),
                "--output",
                output.toString(),
                "--top",
                "20",
                "--nli-keep",
                "5",
                "--policy",
                "not-contradicted"));
    args.addAll(List.of(more));
    return run(killer, args.toArray(String[]::new));
  }

  @Test
  void queriesAreAnsweredInOrder_killedHalfWayAndResumedToo(ProcessKiller killer)
      throws IOException {
    List<String> queries = new ArrayList<>(Files.readAllLines(QUERIES).subList(0, 5));
    queries.add("{\"id\":6,\"text\":\" \"}");
    Path input = Files.write(folder.resolve("queries.jsonl"), queries);
    Path output = folder.resolve("results.jsonl");
    ChildJvm first =
        TestProcess.interruptHalfWay(
            output,
            folder.resolve("results.jsonl.job/answers.log"),
            1,
            () -> retrieve(killer, input, output, "--overwrite", "--inflight-queries", "1"),
            ChildJvm::kill);
    assertThat(first.awaitExit(PATIENCE)).as(first::output).isEqualTo(KILLED);

    Path run = folder.resolve("run.txt");
    ChildJvm second = retrieve(killer, input, output, "--resume", "--inflight-queries", "1");
    assertThat(second.awaitExit(PATIENCE)).as(second::output).isEqualTo(ExitCode.ERROR_LINES);
    assertThat(second.output())
        .contains("queries/s")
        .contains("sum of the stages' busy times")
        .doesNotContain("Indexing");
    ChildJvm third =
        retrieve(
            killer, input, output, "--resume", "--inflight-queries", "1", "--trec", run.toString());
    assertThat(third.awaitExit(PATIENCE)).as(third::output).isEqualTo(ExitCode.WHOLE);

    List<JsonNode> results =
        Files.readAllLines(output).stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(results)
        .extracting(result -> result.get("id").asString())
        .containsExactly("q01", "q02", "q03", "q04", "q05");
    for (JsonNode result : results) {
      assertThat(result.get("candidates").asInt()).isEqualTo(20);
      assertThat(result.get("unjudged").asInt()).isZero();
      assertThat(result.get("hits").size()).isBetween(1, 5);
      for (JsonNode hit : result.get("hits")) {
        assertThat(hit.get("contradiction").asDouble()).isLessThan(0.5);
      }
    }
    assertThat(ids(results.get(1))).first().isEqualTo("firstaid-001");
    assertThat(ids(results.get(3))).first().isEqualTo("messaging-003");
    assertThat(ids(results.get(4))).first().isEqualTo("stars-004");
    assertThat(Files.readString(folder.resolve("results.jsonl.errors.jsonl")))
        .startsWith("{\"line\":6,\"id\":6,\"code\":\"InvalidInput\"");
    assertThat(Files.readAllLines(run))
        .hasSize(results.stream().mapToInt(result -> result.get("hits").size()).sum())
        .allSatisfy(
            line -> assertThat(line).matches("q0\\d Q0 \\S+ [1-5] -?\\d\\.\\d{6} ratatoskr"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("vectors.parquet.index")
          .noneMatch(name -> name.endsWith(".job") || name.endsWith(".pipeline"));
    }
  }

  private static List<String> ids(JsonNode result) {
    return result.get("hits").valueStream().map(hit -> hit.get("id").asString()).toList();
  }

  @Test
  void oneQuery_isAnsweredAsJsonWhereNobodyWatches(ProcessKiller killer) {
    ChildJvm child =
        run(
            killer,
            "search",
            "A burn should be cooled with running water.",
            "--corpus",
            vectors.toString(),
            "--texts",
            CORPUS.toString(),
            "--index",
            "hnsw",
            "--top",
            "10",
            "--nli-keep",
            "3");
    assertThat(child.awaitExit(PATIENCE)).as(child::output).isEqualTo(ExitCode.WHOLE);
    JsonNode found =
        child
            .output()
            .lines()
            .filter(line -> line.startsWith("{"))
            .map(JsonMapper.shared()::readTree)
            .findFirst()
            .orElseThrow();
    assertThat(found.get("hits").get(0).get("id").asString()).isEqualTo("firstaid-001");
    assertThat(found.get("hits").get(0).get("text").asString()).contains("cling film");
  }

  @Test
  void aModelOfAnotherSpace_isRefusedBeforeAnyWork(ProcessKiller killer) {
    Path output = folder.resolve("other.jsonl");

    ChildJvm child =
        retrieve(killer, QUERIES, output, "--model", EmbeddedRatatoskr.ALL_MINILM_L6_V2_Q);

    assertThat(child.awaitExit(PATIENCE)).as(child::output).isEqualTo(ExitCode.FAILED);
    assertThat(child.output())
        .contains("the corpus is in vector space")
        .contains("queries of model all-minilm-l6-v2-q are in");
    assertThat(output).doesNotExist();
    assertThat(folder.resolve("other.jsonl.job")).doesNotExist();
  }
}
