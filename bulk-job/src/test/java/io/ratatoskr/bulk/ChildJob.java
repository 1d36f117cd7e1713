package io.ratatoskr.bulk;

import io.ratatoskr.formats.InputFormat;
import io.ratatoskr.schemas.InferenceError;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A job in a process of its own, against a pipeline in its memory. */
final class ChildJob {
  private ChildJob() {}

  /**
   * Resumes or begins the job and prints its result. After the most requests it asks no more, says
   * "held" and waits to be killed.
   *
   * @param args input, output, dimensions, pause before each request in microseconds, most
   *     requests, kind
   */
  public static void main(String[] args) {
    long pauseNanos = Long.parseLong(args[3]) * 1000;
    int most = Integer.parseInt(args[4]);
    AtomicInteger asked = new AtomicInteger();
    HashRatatoskr ratatoskr =
        new HashRatatoskr(Integer.parseInt(args[2]), 5, "space-1")
            .withoutRecording()
            .failingRequests(_ -> {
              if (asked.getAndIncrement() >= most) {
                System.out.println("held");
                new CompletableFuture<Void>().join();
              }
              spin(pauseNanos);
              return Optional.empty();
            })
            .failingTexts(text ->
                text.contains("poison")
                    ? Optional.of(InferenceError.invalidInput("poison"))
                    : Optional.empty());
    JobKind kind = args[5].equals("nli") ? NliJob.of("m") : EmbedJob.of("m");
    JobConfig config =
        JobConfig.of(args[0], Path.of(args[1]), kind)
            .withLimits(JobLimits.defaults().withMinFreeBytes(0));
    if (config.input().format() == InputFormat.JSONL) {
      config = config.withKeep(List.of("lang"));
    }
    System.out.println("begins");
    JobResult result =
        BulkJob.run(
            config.withOnExisting(OnExisting.RESUME),
            ratatoskr,
            ProgressListener.none(),
            new CancelSignal());
    ProgressLine.summary(result).lines().forEach(System.out::println);
    System.out.println("peak heap MiB " + (peakHeapBytes() >> 20));
  }

  private static void spin(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  /** The most that was in use, garbage included. */
  private static long peakHeapBytes() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        bytes += pool.getPeakUsage().getUsed();
      }
    }
    return bytes;
  }
}
