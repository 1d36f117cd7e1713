package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands {@code nli}, {@code classify} and {@code stance}, with the built-in model. */
@ExtendWith(ProcessKiller.Extension.class)
@Timeout(240)
class JudgeCommandIT {
  private static final Path PAIRS =
      Path.of("../docs/examples/pairs.jsonl").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private static EmbeddedRatatoskr pipeline;

  @BeforeAll
  static void start() throws InterruptedException {
    pipeline = EmbeddedRatatoskr.start(folder.resolve("data"), EmbeddedRatatoskr.NLI_MINILM_L6);
  }

  @AfterAll
  static void stop() {
    pipeline.close();
  }

  /** A command against the pipeline of this class. */
  private static CommandRun run(String... args) {
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(List.of("--json", "--bootstrap", pipeline.bootstrap()));
    return CommandRun.of(line.toArray(String[]::new));
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }

  private static double sum(JsonNode row, String... fields) {
    double sum = 0;
    for (String field : fields) {
      sum += row.get(field).asDouble();
    }
    return sum;
  }

  @Test
  void nli_onePair_isPrintedAsJson() {
    JsonNode row =
        run(
                "nli",
                "--premise",
                "The service restarted at 09:14 after the operator applied the new configuration.",
                "--hypothesis",
                "The service was restarted.")
            .json();

    assertThat(row.get("label").asString()).isEqualTo("entailment");
    assertThat(row.get("entailment").asDouble()).isCloseTo(0.933, within(0.01));
    assertThat(row.get("contradiction").asDouble()).isCloseTo(0.045, within(0.01));
    assertThat(row.get("model").asString()).isEqualTo(EmbeddedRatatoskr.NLI_MINILM_L6);
  }

  @Test
  void nli_emptyHypothesis_failsInOneLine() {
    CommandRun ran = run("nli", "--premise", "A ship.", "--hypothesis", "");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).startsWith("nli: InvalidInput: ");
  }

  @Test
  void emptyTexts_failSpeakingOfWhatIsEmpty() {
    assertThat(run("nli", "--premise", " ", "--hypothesis", "b").err())
        .startsWith("nli: InvalidInput: The premise is empty.");
    assertThat(run("classify", " ", "--labels", "a,b").err())
        .startsWith("classify: InvalidInput: The text is empty.");
    assertThat(run("classify", "text", "--labels", "a,,b").err())
        .startsWith("classify: labels: one is empty");
    assertThat(run("stance", " ", "--target", "the bridge").err())
        .startsWith("stance: InvalidInput: The text is empty.");
    assertThat(run("stance", "text", "--target", " ").err())
        .startsWith("ratatoskr stance: --target: is empty");
  }

  @Test
  void nli_unknownModel_isRefusedAtOnceNamingThoseThereAre() {
    // The router learns from the worker's heartbeats what there is.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          CommandRun ran =
              run("nli", "--premise", "a", "--hypothesis", "b", "--model", "bert-of-nowhere");

          assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
          assertThat(ran.err())
              .startsWith("nli: ModelNotFound: ")
              .contains("'bert-of-nowhere'; there are nli-minilm-l6");
        });
  }

  @Test
  void nli_theExamples_becomeRowsInOrder() throws IOException {
    Path output = folder.resolve("scores.jsonl");

    CommandRun ran = run("nli", "--input", PAIRS.toString(), "--output", output.toString());

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    List<JsonNode> rows = rows(output);
    assertThat(rows)
        .extracting(row -> row.get("id").asString())
        .containsExactlyElementsOf(
            rows(PAIRS).stream().map(pair -> pair.get("id").asString()).toList());
    assertThat(rows)
        .allSatisfy(row ->
            assertThat(sum(row, "entailment", "neutral", "contradiction"))
                .isCloseTo(1, within(1e-4)));
    assertThat(rows)
        .extracting(row -> row.get("label").asString())
        .contains("entailment", "contradiction");
  }

  @Test
  void classify_oneText_scoresEveryLabel() {
    JsonNode row =
        run("classify", "The goalkeeper saved the penalty.", "--labels", "sports, cooking, law")
            .json();

    assertThat(row.get("label").asString()).isEqualTo("sports");
    assertThat(row.get("labels")).hasToString("[\"sports\",\"cooking\",\"law\"]");
    double sum = 0;
    for (JsonNode score : row.get("scores")) {
      sum += score.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-4));
    assertThat(row.get("score").asDouble()).isEqualTo(row.get("scores").get(0).asDouble());
  }

  @Test
  void classify_aFile_withATemplateAndSeveralLabels() throws IOException {
    Path input =
        Files.write(
            folder.resolve("texts.txt"), List.of("Cool the burn under water.", "", "Goal!"));
    Path output = folder.resolve("labels.jsonl");

    CommandRun ran =
        run(
            "classify",
            "--input",
            input.toString(),
            "--output",
            output.toString(),
            "--labels",
            "first aid,football",
            "--multi-label",
            "--template",
            "The subject is {}.");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.ERROR_LINES);
    assertThat(rows(output)).hasSize(2).allSatisfy(row -> assertThat(row.get("scores")).hasSize(2));
    assertThat(rows(folder.resolve("labels.jsonl.errors.jsonl")))
        .singleElement()
        .satisfies(
            error -> assertThat(error.get("reason").asString()).isEqualTo("the text is empty"));
  }

  @Test
  void stance_oneTextAndAFile() throws IOException {
    String text = "The new bridge is a blessing for the whole valley, and I voted for it.";
    JsonNode row = run("stance", text, "--target", "the bridge").json();

    assertThat(sum(row, "favor", "against", "neutral")).isCloseTo(1, within(1e-4));
    assertThat(row.get("favor").asDouble()).isGreaterThan(row.get("against").asDouble());

    Path input =
        Files.writeString(
            folder.resolve("stances.csv"), "id,text,target\n1,\"" + text + "\",the bridge\n");
    Path output = folder.resolve("stances.jsonl");
    CommandRun ran = run("stance", "--input", input.toString(), "--output", output.toString());
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(rows(output))
        .singleElement()
        .satisfies(line ->
            assertThat(line.get("favor").asDouble())
                .isCloseTo(row.get("favor").asDouble(), within(0.02)));
  }

  /** On a pipeline of its own, which dies with it. */
  @Test
  void nli_killedHalfWay_isResumed(ProcessKiller killer) throws IOException {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      pairs.add(
          "{\"id\":%d,\"premise\":\"The train of %d leaves at noon%s.\",\"hypothesis\":\"A train leaves.\"}"
              .formatted(i, i, " and stops often".repeat(i % 7)));
    }
    Path input = Files.write(folder.resolve("trains.jsonl"), pairs);
    Path output = folder.resolve("trains.out.jsonl");
    ChildJvm first =
        TestProcess.interruptHalfWay(
            output,
            folder.resolve("trains.out.jsonl.job/window-000000.journal"),
            4_000,
            () -> child(killer, input, output, "--overwrite"),
            ChildJvm::kill);
    assertThat(first.awaitExit(PATIENCE)).as(first::output).isEqualTo(137);

    ChildJvm second = child(killer, input, output, "--resume");

    assertThat(second.awaitExit(PATIENCE)).as(second::output).isEqualTo(ExitCode.WHOLE);
    List<JsonNode> rows = rows(output);
    assertThat(rows).hasSize(1_500);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).get("id").asInt()).isEqualTo(i);
      assertThat(rows.get(i).get("entailment").asDouble()).isBetween(0.0, 1.0);
    }
  }

  private static ChildJvm child(ProcessKiller killer, Path input, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "nli",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--inflight",
                "1"));
    args.addAll(List.of(more));
    return killer.start(TestProcess.command(args.toArray(String[]::new)));
  }
}
