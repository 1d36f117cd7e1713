package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.Time;
import io.ratatoskr.formats.InputFormat;
import io.ratatoskr.formats.InputUnusable;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.schemas.InferenceError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamJobIT {
  private static final JobKind EMBED = EmbedJob.of("m");
  private static final LineInput STANDARD_INPUT = LineInput.of("-", List.of("text"));

  @TempDir private Path folder;

  private final HashRatatoskr ratatoskr = new HashRatatoskr(4, 5, "space-1");
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @Test
  void writesWhatABulkJobWrites_inOrder() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      lines.add("{\"id\":%d,\"text\":\"%s\"}".formatted(i, "w ".repeat(i % 97) + i));
    }
    lines.add(17, "nonsense");
    Path input = Files.write(folder.resolve("in.jsonl"), lines);
    ratatoskr.failingTexts(text ->
        text.equals("w w 2") ? Optional.of(InferenceError.invalidInput("no")) : Optional.empty());
    Path file = folder.resolve("out.jsonl");
    BulkJob.run(
        JobConfig.of(input.toString(), file, EMBED)
            .withLimits(JobLimits.defaults().withMinFreeBytes(0)),
        ratatoskr,
        ProgressListener.none(),
        new CancelSignal());

    StreamJob.Ended ended =
        run(LineInput.of(input.toString(), List.of("text")), InputStream.nullInputStream(), output);

    assertThat(ended).isEqualTo(new StreamJob.Ended.Whole(8_999, 2));
    assertThat(output.toByteArray()).isEqualTo(Files.readAllBytes(file));
    assertThat(errors.toByteArray())
        .isEqualTo(Files.readAllBytes(folder.resolve("out.jsonl.errors.jsonl")));
  }

  @Test
  void answersWhatIsThereWhileTheInputGoesOn()
      throws IOException, InterruptedException, ExecutionException {
    HashRatatoskr prompt = new HashRatatoskr(4);
    PipedOutputStream producer = new PipedOutputStream();
    try (PipedInputStream stdin = new PipedInputStream(producer)) {
      CompletableFuture<StreamJob.Ended> ended =
          CompletableFuture.supplyAsync(() -> {
            try (StreamJob job = open(STANDARD_INPUT, stdin)) {
              return job.run(prompt, output, errors, new CancelSignal());
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      for (int i = 1; i <= 3; i++) {
        producer.write(
            "{\"id\":%d,\"text\":\"a\"}\n".formatted(i).getBytes(StandardCharsets.UTF_8));
        producer.flush();
        int rows = i;
        Awaitility.await().until(() -> rows(output).size() == rows);
      }
      producer.close();
      assertThat(ended.get()).isEqualTo(new StreamJob.Ended.Whole(3, 0));
    }
  }

  @Test
  void endsWhenNobodyReads() throws InterruptedException {
    String endless = "{\"id\":1,\"text\":\"a\"}\n".repeat(50_000);
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(run(STANDARD_INPUT, stream(endless), closed))
        .isEqualTo(new StreamJob.Ended.ReaderGone());
  }

  @Test
  void anOutputThatFailsFailsTheJob() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertThatThrownBy(() -> run(STANDARD_INPUT, stream("{\"id\":1,\"text\":\"a\"}\n"), full))
        .isInstanceOf(BulkJobException.OutputUnusable.class)
        .hasMessageContaining("No space left");
  }

  @Test
  void writesTheRowsBeforeAFaultOfTheInput() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream compressed = new GZIPOutputStream(gzip)) {
      compressed.write("a\nb\n".getBytes(StandardCharsets.UTF_8));
    }
    gzip.write('x');
    Path input = Files.write(folder.resolve("in.txt.gz"), gzip.toByteArray());
    assertThatThrownBy(() ->
            run(
                LineInput.of(input.toString(), List.of("text")),
                InputStream.nullInputStream(),
                output))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("beyond the 2 rows");
    assertThat(rows(output)).hasSize(2);
  }

  @Test
  void stopsWhenItIsToldTo() throws InterruptedException {
    CancelSignal cancel = new CancelSignal();
    ratatoskr.failingTexts(_ -> {
      cancel.cancel();
      return Optional.empty();
    });
    try (StreamJob job = open(STANDARD_INPUT, stream("{\"id\":1,\"text\":\"a\"}\n".repeat(9)))) {
      assertThat(job.run(ratatoskr, output, errors, cancel))
          .isInstanceOf(StreamJob.Ended.Interrupted.class);
    }
  }

  @Test
  void refusesAnInputThatIsNotWhatTheKindAsksAbout() {
    assertThatThrownBy(() ->
            StreamJob.open(
                LineInput.of("-", InputFormat.TXT, List.of("premise", "hypothesis")),
                NliJob.of("m"),
                JobConfig.defaultOptions(),
                JobLimits.defaults(),
                BulkJob.Surroundings.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use jsonl or csv");
  }

  private StreamJob.Ended run(LineInput input, InputStream stdin, OutputStream to)
      throws InterruptedException {
    try (StreamJob job = open(input, stdin)) {
      return job.run(ratatoskr, to, errors, new CancelSignal());
    }
  }

  private static StreamJob open(LineInput input, InputStream stdin) {
    return StreamJob.open(
        input,
        EMBED,
        JobConfig.defaultOptions(),
        JobLimits.defaults(),
        new BulkJob.Surroundings(stdin, UsableSpace.ofFileSystem(), Time.system()));
  }

  private static InputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> rows(ByteArrayOutputStream output) {
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
