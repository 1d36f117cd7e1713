package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.Time;
import io.ratatoskr.formats.InputUnusable;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.schemas.InferenceError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineStreamIT {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @Test
  void answersInOrder_andTellsOfLinesWithoutAnswer() throws InterruptedException {
    StreamJob.Ended ended =
        run(
            """
            {"id":1,"text":"a"}
            nonsense
            {"id":2,"text":"bad"}
            {"id":3,"text":"c"}
            """,
            output);

    assertThat(ended).isEqualTo(new StreamJob.Ended.Whole(2, 2));
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("\"1=a\"\n\"3=c\"\n");
    assertThat(errors.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line ->
                assertThat(line).startsWith("{\"line\":2,\"id\":null,\"code\":\"InvalidInput\""),
            line -> assertThat(line).startsWith("{\"line\":3,\"id\":2,\"code\":\"InvalidInput\""));
  }

  @Test
  void endsWhenNobodyReads() throws InterruptedException {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(run("{\"id\":1,\"text\":\"a\"}\n".repeat(5_000), closed))
        .isEqualTo(new StreamJob.Ended.ReaderGone());
  }

  @Test
  void refusesWhatIsNoText() {
    assertThatThrownBy(() -> run("PAR1\u0000\u0000\u0000", output))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("Parquet");
    assertThat(errors.size()).isZero();
  }

  private StreamJob.Ended run(String input, OutputStream to) throws InterruptedException {
    BulkJob.Surroundings surroundings =
        new BulkJob.Surroundings(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            UsableSpace.ofFileSystem(),
            Time.system());
    try (LineStream job =
        LineStream.open(LineInput.of("-", List.of("text")), JobLimits.defaults(), surroundings)) {
      return job.run(LineStreamIT::answer, to, errors, new CancelSignal());
    }
  }

  /** The first of them takes longest. */
  private static CompletableFuture<byte[]> answer(LineJob.Question question) {
    if (question.text().equals("bad")) {
      return CompletableFuture.failedFuture(
          new RequestFailedException(InferenceError.invalidInput("no")));
    }
    String json = "\"" + question.id() + "=" + question.text() + "\"";
    return CompletableFuture.supplyAsync(
        () -> json.getBytes(StandardCharsets.UTF_8),
        CompletableFuture.delayedExecutor(
            question.id().equals("1") ? 100 : 0, TimeUnit.MILLISECONDS));
  }
}
