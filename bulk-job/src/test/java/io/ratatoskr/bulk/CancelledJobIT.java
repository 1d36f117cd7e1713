package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the requests of a job that is stopped. */
@Timeout(180)
class CancelledJobIT {
  private final HashRatatoskr ratatoskr = new HashRatatoskr(8);

  @Test
  void stoppedJob_cancelsWhatItHasAsked(@TempDir Path folder) throws IOException {
    List<String> lines = IntStream.range(0, 10_000).mapToObj(i -> "text " + i).toList();
    Path input = Files.write(folder.resolve("in.txt"), lines);
    JobConfig config =
        JobConfig.of(input.toString(), folder.resolve("out.jsonl"), EmbedJob.of("m"))
            .withLimits(JobLimits.defaults().withMinFreeBytes(0));
    CancelSignal cancel = new CancelSignal();
    ratatoskr.fallSilent();
    Thread.startVirtualThread(() -> {
      Awaitility.await().until(() -> !ratatoskr.unanswered().isEmpty());
      cancel.cancel();
    });

    assertThat(BulkJob.run(config, ratatoskr, ProgressListener.none(), cancel))
        .isInstanceOf(JobResult.Interrupted.class);

    assertThat(ratatoskr.unanswered()).isNotEmpty().allMatch(CompletableFuture::isCancelled);
  }
}
