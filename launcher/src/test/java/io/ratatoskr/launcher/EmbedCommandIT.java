package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The embed command in a process of its own, on the corpus of the docs. */
@ExtendWith(ProcessKiller.Extension.class)
@Timeout(240)
class EmbedCommandIT {
  private static final Path CORPUS =
      Path.of("../docs/examples/corpus.jsonl").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TOO_LONG = "guides-007";
  private static final String EMPTY = "guides-008";

  /** Two answered records of 32 vectors. */
  private static final long HALF_WAY = 2L * 32 * 384 * Float.BYTES;

  @TempDir private static Path folder;
  private static Path straight;
  private static int straightExit;
  private static String straightSaid;

  /** How a process ends before its time. */
  enum End {
    TERMINATED(143),
    KILLED(137);

    private final int exitCode;

    End(int exitCode) {
      this.exitCode = exitCode;
    }

    void come(ChildJvm child) {
      switch (this) {
        case TERMINATED -> child.terminate();
        case KILLED -> child.kill();
      }
      child.awaitExit(PATIENCE);
    }
  }

  @BeforeAll
  static void embedWithoutInterruption(ProcessKiller killer) {
    straight = folder.resolve("straight.jsonl");
    ChildJvm child = embed(killer, CORPUS, straight);
    straightExit = child.awaitExit(PATIENCE);
    straightSaid = child.output();
  }

  private static ChildJvm embed(ProcessKiller killer, Path input, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("embed", "--input", input.toString(), "--output", output.toString()));
    args.addAll(List.of(more));
    return killer.start(TestProcess.command(args.toArray(String[]::new)));
  }

  @Test
  void everyTextBecomesARowInOrder_andTwoBecomeErrorLines() throws IOException {
    assertThat(straightExit).as(straightSaid).isEqualTo(ExitCode.ERROR_LINES);

    List<String> expected = new ArrayList<>(ids(CORPUS));
    assertThat(expected).hasSizeGreaterThan(200).doesNotHaveDuplicates();
    expected.removeAll(List.of(TOO_LONG, EMPTY));
    Map<String, float[]> rows = vectors(straight);
    assertThat(rows.keySet()).containsExactlyElementsOf(expected);
    assertThat(rows.values()).allSatisfy(vector -> assertThat(vector).hasSize(384));

    Map<String, String> errors = new LinkedHashMap<>();
    for (JsonNode line : json(folder.resolve("straight.jsonl.errors.jsonl"))) {
      errors.put(line.get("id").asString(), line.get("code").asString());
    }
    assertThat(errors)
        .containsExactly(
            Map.entry(TOO_LONG, "ContextLengthExceeded"), Map.entry(EMPTY, "InvalidInput"));
    assertNothingElseIsLeft(straight);
  }

  @ParameterizedTest
  @EnumSource
  void endedHalfWay_isRefused_andResumedAsIfNothingHadBeen(End end, ProcessKiller killer)
      throws IOException {
    Path output = folder.resolve(end.name().toLowerCase(Locale.ROOT) + ".jsonl");
    ChildJvm first =
        TestProcess.interruptHalfWay(
            output,
            output.resolveSibling(output.getFileName() + ".job/window-000000.journal"),
            HALF_WAY,
            () -> embed(killer, CORPUS, output, "--overwrite", "--inflight", "1"),
            end::come);
    assertThat(first.awaitExit(PATIENCE)).as(first::output).isEqualTo(end.exitCode);
    if (end == End.KILLED) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pipeline(output))))
          .isEqualTo("rwx------");
    }

    ChildJvm refused = embed(killer, CORPUS, output);
    assertThat(refused.awaitExit(PATIENCE)).isEqualTo(ExitCode.FAILED);
    assertThat(refused.output()).contains("an unfinished job stands in").contains("resume");

    ChildJvm second = embed(killer, CORPUS, output, "--resume");
    assertThat(second.awaitExit(PATIENCE)).as(second::output).isEqualTo(ExitCode.ERROR_LINES);
    Map<String, float[]> expected = vectors(straight);
    Map<String, float[]> actual = vectors(output);
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((id, vector) ->
        assertThat(Float32.cosine(vector, actual.getOrDefault(id, new float[0])))
            .as(id)
            .isGreaterThanOrEqualTo(0.99999));
    assertThat(folder.resolve(output.getFileName() + ".errors.jsonl"))
        .hasSameTextualContentAs(folder.resolve("straight.jsonl.errors.jsonl"));
    assertNothingElseIsLeft(output);
  }

  @Test
  void wholeOutput_resumed_isLeftAsItIs(ProcessKiller killer) throws IOException {
    byte[] before = Files.readAllBytes(straight);

    ChildJvm again = embed(killer, CORPUS, straight, "--resume");

    assertThat(again.awaitExit(PATIENCE)).as(again::output).isEqualTo(ExitCode.WHOLE);
    assertThat(again.output()).contains("straight.jsonl is whole already; nothing to do.");
    assertThat(straight).hasBinaryContent(before);
  }

  @Test
  void parquetIsWritten_andWithoutErrorLinesTheExitIsZero(ProcessKiller killer) throws IOException {
    Path input =
        Files.write(
            folder.resolve("few.txt"), List.of("A ship.", "A boat.", "A squirrel.", "An oak."));
    Path output = folder.resolve("few.parquet");

    ChildJvm child = embed(killer, input, output);

    assertThat(child.awaitExit(PATIENCE)).as(child::output).isEqualTo(ExitCode.WHOLE);
    byte[] bytes = Files.readAllBytes(output);
    assertThat(bytes).hasSizeGreaterThan(4 * 384 * Float.BYTES);
    assertThat(bytes).startsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
    assertThat(bytes).endsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
    assertThat(folder.resolve("few.parquet.errors.jsonl")).doesNotExist();
    assertNothingElseIsLeft(output);
  }

  @Test
  void oneText_isPrintedAsJson() {
    StringWriter out = new StringWriter();

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .execute("embed", "A squirrel carries messages.");

    assertThat(exitCode).isEqualTo(ExitCode.WHOLE);
    JsonNode row = JsonMapper.shared().readTree(out.toString());
    assertThat(row.get("embedding")).hasSize(384);
    assertThat(row.get("model").asString()).isEqualTo(EmbeddedRatatoskr.ALL_MINILM_L6_V2);
    assertThat(row.get("space_id").asString()).isNotBlank();
  }

  private static Path pipeline(Path output) {
    return output.resolveSibling(output.getFileName() + ".pipeline");
  }

  private static void assertNothingElseIsLeft(Path output) throws IOException {
    String name = output.getFileName().toString();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(file -> file.startsWith(name))
          .isSubsetOf(name, name + ".errors.jsonl");
    }
  }

  private static List<JsonNode> json(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }

  private static List<String> ids(Path file) throws IOException {
    return json(file).stream().map(row -> row.get("id").asString()).toList();
  }

  private static Map<String, float[]> vectors(Path file) throws IOException {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (JsonNode row : json(file)) {
      float[] vector = JsonMapper.shared().treeToValue(row.get("embedding"), float[].class);
      assertThat(vectors.put(row.get("id").asString(), vector)).as("first row of its id").isNull();
    }
    return vectors;
  }
}
