package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.StreamJob;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.FreeSpaceListener;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Failure;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stops a job before the embedded broker runs out of disk, or when the broker has failed, and says
 * which it was.
 */
final class LowDisk {
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();

  private record Stop(int exitCode, String message) {}

  private LowDisk() {}

  static LowDisk watch(Ratatoskr ratatoskr, CancelSignal cancel) {
    LowDisk lowDisk = new LowDisk();
    if (ratatoskr instanceof EmbeddedRatatoskr embedded) {
      EmbeddedKafka kafka = embedded.kafka();
      kafka.watchFreeSpace(
          new FreeSpaceListener() {
            @Override
            public void low(long usableBytes, long minimumBytes) {
              lowDisk.stop(
                  ExitCode.DISK_FULL,
                  "the disk of "
                      + kafka.dataFolder()
                      + " is nearly full ("
                      + (usableBytes >> 20)
                      + " MiB left); make room and run again with --resume",
                  cancel);
            }

            @Override
            public void recovered(long usableBytes) {
              // The job has been told to stop; a resumed one looks again.
            }
          });
      var _ =
          kafka
              .failure()
              .thenAccept(
                  failure -> lowDisk.stop(ExitCode.FAILED, Failure.describe(failure), cancel));
    }
    return lowDisk;
  }

  private void stop(int exitCode, String message, CancelSignal cancel) {
    if (stop.compareAndSet(null, new Stop(exitCode, message))) {
      cancel.cancel();
    }
  }

  int exitCode(JobResult result, String command, PrintWriter err) {
    return switch (result) {
      case JobResult.Whole _, JobResult.AlreadyWhole _ -> ExitCode.WHOLE;
      case JobResult.WithErrorLines _ -> ExitCode.ERROR_LINES;
      case JobResult.Interrupted _ -> stopped(command, err);
    };
  }

  int exitCode(StreamJob.Ended ended, String command, PrintWriter err) {
    return switch (ended) {
      case StreamJob.Ended.Whole whole ->
          whole.errorLines() > 0 ? ExitCode.ERROR_LINES : ExitCode.WHOLE;
      case StreamJob.Ended.ReaderGone _ -> ExitCode.WHOLE;
      case StreamJob.Ended.Interrupted _ -> stopped(command, err);
    };
  }

  /** The exit code of a job that was told to stop. */
  private int stopped(String command, PrintWriter err) {
    Stop why = stop.get();
    if (why == null) {
      return ExitCode.INTERRUPTED;
    }
    err.println(command + ": " + why.message());
    return why.exitCode();
  }
}
