package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.bulk.BulkJobException.AlreadyRunning;
import io.ratatoskr.bulk.BulkJobException.DiskFull;
import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.bulk.BulkJobException.OutputExists;
import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Time;
import io.ratatoskr.formats.InputFormat;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class BulkJobIT {
  private static final int DIMENSIONS = 8;
  private static final JobKind EMBED = EmbedJob.of("m");
  private static final JobLimits LIMITS = JobLimits.defaults().withMinFreeBytes(0);

  @TempDir private Path folder;

  private final HashRatatoskr ratatoskr = new HashRatatoskr(DIMENSIONS, 5, "space-1");

  @Test
  void writesOneRowForEachGoodLineInOrder() throws IOException {
    Path input = folder.resolve("in.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      lines.add("{\"id\":%d,\"text\":\"%s\"}".formatted(i, "w ".repeat(i % 97) + i));
    }
    Files.write(input, lines);

    JobResult result = run(config(input, "out.jsonl"));

    assertThat(result).isInstanceOf(JobResult.Whole.class);
    List<String> rows = Files.readAllLines(folder.resolve("out.jsonl"));
    assertThat(rows).hasSize(10_000);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).startsWith("{\"id\":" + i + ",\"embedding\":[");
      assertThat(rows.get(i))
          .contains(vectorText("w ".repeat(i % 97) + i))
          .endsWith(",\"model\":\"m\",\"space_id\":\"space-1\"}");
    }
    assertOnlyFiles("in.jsonl", "out.jsonl");
    assertThat(ratatoskr.requests())
        .allSatisfy(texts -> assertThat(texts).hasSizeLessThanOrEqualTo(Window.RECORD_ITEMS));
  }

  @Test
  void putsWhatHasNoRowIntoTheErrorsFile() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input,
        """
        {"id":"a","text":"one","lang":"en"}
        {"id":"a","text":"one"}
        not json

        {"id":"b"}
        {"id":"c","text":"poison"}
        {"id":"d","text":"long text","lang":7}
        """);
    ratatoskr.failingTexts(text ->
        text.equals("poison")
            ? Optional.of(InferenceError.contextLengthExceeded(256, "257 tokens"))
            : Optional.empty());

    JobResult result = run(config(input, "out.jsonl").withKeep(List.of("lang")));

    assertThat(result)
        .isInstanceOfSatisfying(
            JobResult.WithErrorLines.class, r -> assertThat(r.errors()).isEqualTo(3));
    String tail = ",\"model\":\"m\",\"space_id\":\"space-1\"";
    assertThat(Files.readAllLines(folder.resolve("out.jsonl")))
        .containsExactly(
            "{\"id\":\"a\",\"embedding\":" + vectorText("one") + tail + ",\"lang\":\"en\"}",
            "{\"id\":\"a\",\"embedding\":" + vectorText("one") + tail + ",\"lang\":null}",
            "{\"id\":\"d\",\"embedding\":"
                + vectorText("long text")
                + tail
                + ",\"truncated\":true,\"lang\":\"7\"}");
    assertThat(Files.readAllLines(folder.resolve("out.jsonl.errors.jsonl")))
        .hasSize(3)
        .satisfies(errors -> {
          assertThat(errors.get(0)).startsWith("{\"line\":3,\"id\":null,\"code\":\"InvalidInput\"");
          assertThat(errors.get(1))
              .isEqualTo(
                  "{\"line\":5,\"id\":\"b\",\"code\":\"InvalidInput\","
                      + "\"reason\":\"field 'text' is missing\"}");
          assertThat(errors.get(2))
              .isEqualTo(
                  "{\"line\":6,\"id\":\"c\",\"code\":\"ContextLengthExceeded\","
                      + "\"reason\":\"257 tokens\"}");
        });
    assertThat(ratatoskr.textsAsked()).containsOnlyOnce("one");
  }

  @Test
  void readsGzipAndStandardInput() throws IOException {
    Path input = folder.resolve("in.txt.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(input))) {
      out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
    }
    run(config(input, "a.jsonl"));
    assertThat(Files.readAllLines(folder.resolve("a.jsonl"))).hasSize(2);

    JobConfig stdin = JobConfig.of("-", folder.resolve("b.jsonl"), EMBED);
    run(stdin, stream("{\"id\":1,\"text\":\"x\"}\n"));
    assertThat(Files.readAllLines(folder.resolve("b.jsonl"))).hasSize(1);
  }

  @Test
  void anEmptyInputGivesAnEmptyOutput() throws IOException {
    Path input = Files.createFile(folder.resolve("in.jsonl"));
    assertThat(run(config(input, "out.jsonl"))).isInstanceOf(JobResult.Whole.class);
    assertThat(folder.resolve("out.jsonl")).isEmptyFile();
  }

  @Test
  void refusesWhatIsThereUnlessToldOtherwise() throws IOException {
    Path input = texts("in.txt", 10);
    JobConfig config = config(input, "out.jsonl");
    run(config);

    assertThatThrownBy(() -> run(config)).isInstanceOf(OutputExists.class);
    assertThat(run(config.withOnExisting(OnExisting.RESUME)))
        .isInstanceOf(JobResult.AlreadyWhole.class);
    texts("in.txt", 20);
    assertThat(run(config.withOnExisting(OnExisting.OVERWRITE)))
        .isInstanceOf(JobResult.Whole.class);
    assertThat(Files.readAllLines(folder.resolve("out.jsonl"))).hasSize(20);
  }

  @Test
  void anInterruptedJobGoesOnWhereItStopped() throws IOException {
    Path input = texts("in.txt", 10_000);
    JobConfig config = config(input, "out.jsonl");
    CancelSignal cancel = new CancelSignal();
    ratatoskr.failingTexts(text -> {
      if (text.equals("text 9000")) {
        cancel.cancel();
      }
      return Optional.empty();
    });
    assertThat(run(config, InputStream.nullInputStream(), cancel))
        .isInstanceOf(JobResult.Interrupted.class);
    assertThat(folder.resolve("out.jsonl")).doesNotExist();
    Path job = folder.resolve("out.jsonl.job");
    assertThat(Files.getPosixFilePermissions(job))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> run(config))
        .isInstanceOf(OutputExists.class)
        .hasMessageContaining("unfinished job");

    HashRatatoskr second = new HashRatatoskr(DIMENSIONS);
    JobResult result =
        run(config.withOnExisting(OnExisting.RESUME), second, InputStream.nullInputStream());

    assertThat(result).isInstanceOf(JobResult.Whole.class);
    assertThat(second.textsAsked()).hasSizeLessThan(9_000);
    run(config(input, "straight.jsonl"));
    assertThat(folder.resolve("out.jsonl"))
        .hasSameTextualContentAs(folder.resolve("straight.jsonl"));
  }

  @Test
  void refusesToResumeAnotherJob() throws IOException {
    Path input = texts("in.txt", 5_000);
    JobConfig config = config(input, "out.jsonl");
    interrupt(config, InputStream.nullInputStream());
    JobConfig resume = config.withOnExisting(OnExisting.RESUME);

    assertThatThrownBy(() ->
            run(resume.withKind(new EmbedJob("m", InputType.DOCUMENT, Truncation.TRUNCATE, 0))))
        .isInstanceOf(NotTheSameJob.class)
        .hasMessageContaining("truncate was 'ERROR' and is 'TRUNCATE'");
    Files.writeString(input, "something else\n");
    assertThatThrownBy(() -> run(resume))
        .isInstanceOf(NotTheSameJob.class)
        .hasMessageContaining("input size was");
  }

  @Test
  void comparesStandardInputWithWhatWasRead() throws IOException {
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < 9_000; i++) {
      content.append("text ").append(i).append('\n');
    }
    JobConfig config =
        JobConfig.of(
                LineInput.of("-", InputFormat.TXT, List.of("text")),
                folder.resolve("out.jsonl"),
                EMBED)
            .withLimits(LIMITS.withInFlight(4));
    interrupt(config, stream(content.toString()));
    JobConfig resume = config.withOnExisting(OnExisting.RESUME);

    assertThatThrownBy(() -> run(resume, stream("x" + content)))
        .isInstanceOf(NotTheSameJob.class)
        .hasMessageContaining("from line 1 on");
    assertThat(run(resume, stream(content.toString()))).isInstanceOf(JobResult.Whole.class);
    assertThat(Files.readAllLines(folder.resolve("out.jsonl"))).hasSize(9_000);
  }

  @Test
  void refusesAModelOfAnotherSpaceHalfWay() throws IOException {
    Path input = texts("in.txt", 9_000);
    JobConfig config = config(input, "out.jsonl").withLimits(LIMITS.withInFlight(4));
    interrupt(config, InputStream.nullInputStream());

    assertThatThrownBy(() ->
            run(
                config.withOnExisting(OnExisting.RESUME),
                new HashRatatoskr(DIMENSIONS, 0, "space-2"),
                InputStream.nullInputStream()))
        .isInstanceOf(NotTheSameJob.class)
        .hasMessageContaining("'space-1' and is 'space-2'");
  }

  @Test
  void onlyOneProcessMayHoldAJob() throws IOException {
    Path input = texts("in.txt", 10);
    JobConfig config = config(input, "out.jsonl");
    try (BulkJob first = BulkJob.open(config, BulkJob.Surroundings.system())) {
      assertThat(first.alreadyWhole()).isFalse();
      assertThatThrownBy(() -> run(config.withOnExisting(OnExisting.OVERWRITE)))
          .isInstanceOf(AlreadyRunning.class);
    }
  }

  @Test
  void sendsAgainWhatFailsForTheTimeBeing() throws IOException {
    Path input = texts("in.txt", 100);
    AtomicInteger failures = new AtomicInteger();
    ratatoskr.failingRequests(_ ->
        failures.incrementAndGet() <= 5
            ? Optional.of(InferenceError.overloaded("full"))
            : Optional.empty());
    assertThat(run(config(input, "out.jsonl"))).isInstanceOf(JobResult.Whole.class);
  }

  @Test
  void aTextThatFailsItsRecordFailsAlone() throws IOException {
    Path input = texts("in.txt", 100);
    ratatoskr.failingRequests(texts ->
        texts.contains("text 42")
            ? Optional.of(InferenceError.workerCrashed(2, "crashed twice"))
            : Optional.empty());
    run(config(input, "out.jsonl"));
    assertThat(Files.readAllLines(folder.resolve("out.jsonl"))).hasSize(99);
    assertThat(folder.resolve("out.jsonl.errors.jsonl"))
        .content()
        .startsWith("{\"line\":43,\"id\":43,\"code\":\"WorkerCrashed\"");
  }

  @Test
  void aModelThatIsNotThereFailsTheJob() throws IOException {
    Path input = texts("in.txt", 100);
    ratatoskr.failingRequests(
        _ -> Optional.of(InferenceError.modelNotFound("m", "there are a and b")));
    assertThatThrownBy(() -> run(config(input, "out.jsonl")))
        .isInstanceOf(PipelineFailed.class)
        .hasMessage("ModelNotFound: there are a and b");
  }

  @Test
  void losesPatienceWhereNothingIsAnswered() throws IOException {
    Path input = texts("in.txt", 100);
    ratatoskr.failingRequests(_ -> Optional.of(InferenceError.overloaded("full")));
    assertThatThrownBy(() ->
            run(config(input, "out.jsonl").withLimits(LIMITS.withPatience(Duration.ofMillis(100)))))
        .isInstanceOf(PipelineFailed.class)
        .hasMessageContaining("Overloaded: full");
  }

  @Test
  void stopsBeforeTheDiskIsFull() throws IOException {
    Path input = texts("in.txt", 20_000);
    JobConfig config = config(input, "out.jsonl").withLimits(LIMITS.withMinFreeBytes(1000));
    long[] free = {5000};
    BulkJob.Surroundings surroundings =
        new BulkJob.Surroundings(
            InputStream.nullInputStream(), _ -> free[0] -= 1000, new HastyTime());
    try (BulkJob job = BulkJob.open(config, surroundings)) {
      assertThatThrownBy(() -> job.run(ratatoskr, ProgressListener.none(), new CancelSignal()))
          .isInstanceOf(DiskFull.class)
          .hasMessageContaining("resume");
    }
    assertThat(run(config.withLimits(LIMITS).withOnExisting(OnExisting.RESUME)))
        .isInstanceOf(JobResult.Whole.class);
  }

  private JobConfig config(Path input, String output) {
    return JobConfig.of(input.toString(), folder.resolve(output), EMBED).withLimits(LIMITS);
  }

  private Path texts(String name, int count) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add("text " + i);
    }
    return Files.write(folder.resolve(name), lines);
  }

  /** Stops the job when half of its texts are asked. */
  private void interrupt(JobConfig config, InputStream standardInput) {
    CancelSignal cancel = new CancelSignal();
    HashRatatoskr first =
        new HashRatatoskr(DIMENSIONS)
            .failingTexts(text -> {
              if (text.equals("text 4500")) {
                cancel.cancel();
              }
              return Optional.empty();
            });
    try (BulkJob job = BulkJob.open(config, surroundings(standardInput))) {
      assertThat(job.run(first, ProgressListener.none(), cancel))
          .isInstanceOf(JobResult.Interrupted.class);
    }
  }

  private JobResult run(JobConfig config) {
    return run(config, InputStream.nullInputStream());
  }

  private JobResult run(JobConfig config, InputStream standardInput) {
    return run(config, standardInput, new CancelSignal());
  }

  private JobResult run(JobConfig config, InputStream standardInput, CancelSignal cancel) {
    try (BulkJob job = BulkJob.open(config, surroundings(standardInput))) {
      return job.run(ratatoskr, ProgressListener.none(), cancel);
    }
  }

  private static JobResult run(
      JobConfig config, HashRatatoskr ratatoskr, InputStream standardInput) {
    try (BulkJob job = BulkJob.open(config, surroundings(standardInput))) {
      return job.run(ratatoskr, ProgressListener.none(), new CancelSignal());
    }
  }

  private static BulkJob.Surroundings surroundings(InputStream standardInput) {
    return new BulkJob.Surroundings(standardInput, UsableSpace.ofFileSystem(), Time.system());
  }

  private static InputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }

  private void assertOnlyFiles(String... names) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private static String vectorText(String text) {
    StringBuilder json = new StringBuilder("[");
    for (float component : HashRatatoskr.vector(text, DIMENSIONS)) {
      json.append(json.length() > 1 ? "," : "").append(component);
    }
    return json.append(']').toString();
  }
}
