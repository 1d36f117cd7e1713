package io.ratatoskr.bulk;

import io.ratatoskr.formats.LineSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job that has taken its input and its folder: what jobs of every kind do alike, from the first
 * check to the result.
 */
final class OpenJob implements AutoCloseable {
  private final JobConfig config;
  private final BulkJob.Surroundings surroundings;
  private final @Nullable Taken taken;

  /** The folder and the input of a job. */
  record Taken(JobFolder folder, LineSource input) {}

  /** The work of one kind of job, between the first check and the result. */
  @FunctionalInterface
  interface Work {
    Ended run(Taken taken, ProgressMeter meter) throws IOException, InterruptedException;
  }

  /** The end of work that did not fail. */
  sealed interface Ended {
    /** The job was told to stop; how much of the input was read, as the meter wants it. */
    record Early(long linesRead, double fractionRead) implements Ended {}

    /** Output and errors stand whole in the folder. */
    record Whole(long errorLines) implements Ended {}
  }

  private OpenJob(JobConfig config, BulkJob.Surroundings surroundings, @Nullable Taken taken) {
    this.config = config;
    this.surroundings = surroundings;
    this.taken = taken;
  }

  /**
   * Checks input and output, and begins the job or takes up the unfinished one.
   *
   * @param parts what each of the input's fields holds, as messages call it
   * @param settings what makes two jobs the same beside their input
   * @throws BulkJobException if it cannot begin
   */
  static OpenJob open(
      JobConfig config,
      BulkJob.Surroundings surroundings,
      List<String> parts,
      JobIdentity settings) {
    if (config.onExisting() == OnExisting.RESUME && JobFolder.finished(config)) {
      return new OpenJob(config, surroundings, null);
    }
    LineSource input = LineSource.open(config.input(), parts, surroundings.standardInput());
    try {
      JobIdentity identity = JobIdentity.of(config.input()).with(settings);
      JobFolder folder = JobFolder.open(config, identity);
      return new OpenJob(config, surroundings, new Taken(folder, input));
    } catch (IOException e) {
      closeQuietly(input, e);
      throw JobOutput.failure(config, e);
    } catch (RuntimeException e) {
      closeQuietly(input, e);
      throw e;
    }
  }

  private static void closeQuietly(LineSource input, Exception failure) {
    try {
      input.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** The folder and the input; null where there is nothing left to do. */
  @Nullable Taken taken() {
    return taken;
  }

  /**
   * Does the work, and gives whole files their names.
   *
   * @param unit what a line is, in the plural
   * @throws BulkJobException if it cannot be done; what was answered is safe
   */
  JobResult run(String unit, ProgressListener listener, CancelSignal cancel, Work work) {
    if (taken == null) {
      return new JobResult.AlreadyWhole(config.output());
    }
    ProgressMeter meter = new ProgressMeter(surroundings.time()::nanos, unit, listener);
    try {
      return switch (work.run(taken, meter)) {
        case Ended.Early early ->
            new JobResult.Interrupted(meter.last(early.linesRead(), early.fractionRead()));
        case Ended.Whole whole -> finish(taken.folder(), meter, whole.errorLines());
      };
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancel();
      return new JobResult.Interrupted(meter.last(0, -1));
    }
  }

  private JobResult finish(JobFolder folder, ProgressMeter meter, long errorLines)
      throws IOException {
    folder.finish(errorLines > 0);
    Progress last = meter.whole();
    long bytes = Files.size(config.output());
    return errorLines == 0
        ? new JobResult.Whole(last, config.output(), bytes)
        : new JobResult.WithErrorLines(
            last, config.output(), bytes, config.errorsFile(), errorLines);
  }

  /** Lets another process take the folder. */
  @Override
  public void close() {
    if (taken == null) {
      return;
    }
    try (JobFolder _ = taken.folder();
        LineSource _ = taken.input()) {
      // Closes both, whatever fails.
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    }
  }
}
