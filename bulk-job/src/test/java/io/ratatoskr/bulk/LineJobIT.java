package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.bulk.BulkJobException.OutputExists;
import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.ClientClosedException;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LineJobIT {
  private static final int LINES = 500;

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private Path input() throws IOException {
    Path file = folder.resolve("in.jsonl");
    if (Files.exists(file)) {
      return file;
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      lines.add(
          switch (i % 50) {
            case 7 -> "{\"id\":" + i + "}";
            case 8 -> "";
            default -> "{\"id\":%d,\"text\":\"text %d\"}".formatted(i, i);
          });
    }
    return Files.write(file, lines);
  }

  private Path output() {
    return folder.resolve("out.jsonl");
  }

  private LineJob open(OnExisting onExisting, Map<String, String> settings) throws IOException {
    return LineJob.open(
        LineInput.of(input().toString(), List.of("text")),
        "questions",
        output(),
        onExisting,
        JobLimits.defaults().withInFlight(16).withMinFreeBytes(0),
        settings,
        BulkJob.Surroundings.system());
  }

  private JobResult run(OnExisting onExisting, LineJob.Answerer answerer, CancelSignal cancel)
      throws IOException {
    try (LineJob job = open(onExisting, Map.of("model", "m"))) {
      return job.run(answerer, ProgressListener.none(), cancel);
    }
  }

  /** Answers later, and not in order. */
  private CompletableFuture<byte[]> answer(LineJob.Question question) {
    asked.add(question.id());
    return CompletableFuture.supplyAsync(
        () -> json(question),
        CompletableFuture.delayedExecutor(question.text().hashCode() % 4L, TimeUnit.MILLISECONDS));
  }

  private static byte[] json(LineJob.Question question) {
    assertThat(question.number()).isTrue();
    return "{\"id\":%s,\"answer\":\"%s!\"}"
        .formatted(question.id(), question.text())
        .getBytes(StandardCharsets.UTF_8);
  }

  private void assertWhole() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      if (i % 50 == 7) {
        bad.add("{\"line\":%d,\"id\":%d,\"code\":\"InvalidInput\",".formatted(i + 1, i));
      } else if (i % 50 != 8) {
        rows.add("{\"id\":%d,\"answer\":\"text %d!\"}".formatted(i, i));
      }
    }
    assertThat(Files.readAllLines(output())).isEqualTo(rows);
    List<String> errors = Files.readAllLines(folder.resolve("out.jsonl.errors.jsonl"));
    assertThat(errors).hasSameSizeAs(bad);
    for (int i = 0; i < bad.size(); i++) {
      assertThat(errors.get(i)).startsWith(bad.get(i));
    }
    assertThat(folder.resolve("out.jsonl.job")).doesNotExist();
  }

  @Test
  void everyLineIsAnsweredInOrder_orHasItsErrorLine() throws IOException {
    JobResult result = run(OnExisting.REFUSE, this::answer, new CancelSignal());

    assertThat(result)
        .isInstanceOfSatisfying(
            JobResult.WithErrorLines.class,
            whole -> {
              assertThat(whole.errors()).isEqualTo(10);
              assertThat(whole.progress().done()).isEqualTo(LINES - 10);
            });
    assertWhole();
    try (LineJob again = open(OnExisting.RESUME, Map.of("model", "m"))) {
      assertThat(again.alreadyWhole()).isTrue();
    }
    assertThatThrownBy(() -> open(OnExisting.REFUSE, Map.of())).isInstanceOf(OutputExists.class);
  }

  @Test
  void theLastProgress_isOfAllLines() throws IOException {
    List<Progress> told = new ArrayList<>();
    try (LineJob job = open(OnExisting.REFUSE, Map.of())) {
      job.run(this::answer, told::add, new CancelSignal());
    }

    assertThat(told.getLast().done()).isEqualTo(LINES - 10);
    assertThat(told.getLast().total()).hasValue(LINES - 10);
    assertThat(told.getLast().unit()).isEqualTo("questions");
  }

  @Test
  void aJobThatWasStopped_asksOnlyForTheRest() throws IOException {
    CancelSignal cancel = new CancelSignal();
    AtomicInteger count = new AtomicInteger();
    JobResult first =
        run(
            OnExisting.REFUSE,
            question -> {
              if (count.incrementAndGet() == 200) {
                cancel.cancel();
              }
              return answer(question);
            },
            cancel);
    assertThat(first).isInstanceOf(JobResult.Interrupted.class);
    assertThat(output()).doesNotExist();
    assertThatThrownBy(() -> open(OnExisting.REFUSE, Map.of("model", "m")))
        .isInstanceOf(OutputExists.class);
    assertThatThrownBy(() -> open(OnExisting.RESUME, Map.of("model", "other")))
        .isInstanceOf(NotTheSameJob.class)
        .hasMessageContaining("model was 'm' and is 'other'");
    asked.clear();

    run(OnExisting.RESUME, this::answer, new CancelSignal());

    assertThat(asked).hasSizeBetween(1, LINES - 100);
    assertWhole();
  }

  @Test
  void whatFailsForNow_isAskedAgain_andWhatFailsForGoodGetsAnErrorLine() throws IOException {
    Set<String> failedOnce = ConcurrentHashMap.newKeySet();
    JobResult result =
        run(
            OnExisting.REFUSE,
            question -> {
              if (question.id().equals("3") && failedOnce.add("3")) {
                return failed(InferenceError.overloaded("busy"));
              }
              return question.id().equals("4")
                  ? failed(InferenceError.invalidInput("bad"))
                  : answer(question);
            },
            new CancelSignal());

    assertThat(result)
        .isInstanceOfSatisfying(
            JobResult.WithErrorLines.class, whole -> assertThat(whole.errors()).isEqualTo(11));
    assertThat(Files.readAllLines(output()).get(3)).startsWith("{\"id\":3,");
    assertThat(Files.readAllLines(folder.resolve("out.jsonl.errors.jsonl")))
        .contains("{\"line\":5,\"id\":4,\"code\":\"InvalidInput\",\"reason\":\"bad\"}");
  }

  @Test
  void aPipelineThatIsGone_endsTheRun_andTheJobIsResumed() throws IOException {
    assertThatThrownBy(() ->
            run(
                OnExisting.REFUSE,
                question ->
                    Integer.parseInt(question.id()) < 100
                        ? answer(question)
                        : CompletableFuture.failedFuture(new ClientClosedException()),
                new CancelSignal()))
        .isInstanceOf(PipelineFailed.class);

    run(OnExisting.RESUME, this::answer, new CancelSignal());

    assertWhole();
  }

  @Test
  void aJobThatNeverRan_leavesNothingBehind() throws IOException {
    open(OnExisting.REFUSE, Map.of("model", "m")).close();

    assertThat(folder.resolve("out.jsonl.job")).doesNotExist();
    assertThatThrownBy(() ->
            LineJob.open(
                LineInput.of(input().toString(), List.of("text")),
                "questions",
                folder.resolve("out.parquet"),
                OnExisting.REFUSE,
                JobLimits.defaults(),
                Map.of(),
                BulkJob.Surroundings.system()))
        .hasMessageContaining("must end in .jsonl");
  }

  private static CompletableFuture<byte[]> failed(InferenceError error) {
    return CompletableFuture.failedFuture(new RequestFailedException(error));
  }
}
