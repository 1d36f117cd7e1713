package io.ratatoskr.bulk;

import io.ratatoskr.client.Ratatoskr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks about every line of a file. {@link #open} checks everything that can be checked without a
 * pipeline and takes the job's folder; {@link #run} does the work.
 *
 * <p>Every line of the input becomes exactly one row of the output, in the input's order, or one
 * line of the errors file. A job that ended early, by whatever cause, goes on with {@link
 * OnExisting#RESUME}: it reads the input again, compares it with what was read before, and asks
 * only for what was not yet answered.
 */
public final class BulkJob implements AutoCloseable {
  /** Version of how windows are cut: a change makes an unfinished job another one. */
  private static final String WINDOWS = "1";

  private final JobConfig config;
  private final Surroundings surroundings;
  private final @Nullable Opened opened;

  private record Opened(JobFolder folder, JobLog log, InputFile input) {}

  /**
   * What a job needs beside its configuration.
   *
   * @param standardInput read where the input is {@code -}
   * @param freeSpace reading of the output's disk
   * @param nanoTime clock for rates, delays and patience, in nanoseconds
   */
  public record Surroundings(
      InputStream standardInput, FreeSpace freeSpace, LongSupplier nanoTime) {
    /** This process's own. */
    public static Surroundings system() {
      return new Surroundings(System.in, FreeSpace.ofFileSystem(), System::nanoTime);
    }
  }

  private BulkJob(JobConfig config, Surroundings surroundings, @Nullable Opened opened) {
    this.config = config;
    this.surroundings = surroundings;
    this.opened = opened;
  }

  /** Opens and runs a job. */
  public static JobResult run(
      JobConfig config, Ratatoskr ratatoskr, ProgressListener listener, CancelSignal cancel) {
    try (BulkJob job = open(config, Surroundings.system())) {
      return job.run(ratatoskr, listener, cancel);
    }
  }

  /**
   * Checks input and output, and begins the job or takes up the unfinished one.
   *
   * @throws BulkJobException if it cannot begin
   */
  public static BulkJob open(JobConfig config, Surroundings surroundings) {
    if (config.onExisting() == OnExisting.RESUME && JobFolder.finished(config)) {
      return new BulkJob(config, surroundings, null);
    }
    InputFile input = InputFile.open(config.input(), surroundings.standardInput());
    try {
      JobFolder folder = JobFolder.open(config, identity(config));
      try {
        return new BulkJob(config, surroundings, new Opened(folder, folder.openLog(), input));
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      closeQuietly(input, e);
      throw JobOutput.failure(config, e);
    } catch (RuntimeException e) {
      closeQuietly(input, e);
      throw e;
    }
  }

  private static void closeQuietly(InputFile input, Exception failure) {
    try {
      input.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static Map<String, String> identity(JobConfig config) throws IOException {
    Map<String, String> identity = new LinkedHashMap<>(InputFile.identity(config.input()));
    JobInput input = config.input();
    identity.put("format", input.format().name());
    identity.put("gzip", Boolean.toString(input.gzip()));
    identity.put("fields", String.join(",", input.fields()));
    identity.put("id-field", input.idField());
    identity.put("keep", String.join(",", input.keep()));
    identity.put("kind", config.kind().getClass().getSimpleName());
    identity.putAll(new TreeMap<>(Inquiry.of(config.kind()).identity()));
    identity.put("windows", WINDOWS);
    return identity;
  }

  /** Whether there is nothing left to do, so that no pipeline is needed. */
  public boolean alreadyWhole() {
    return opened == null;
  }

  /**
   * Does the work; once for each job that was opened.
   *
   * @throws BulkJobException if it cannot be done; what was answered is safe
   */
  public JobResult run(Ratatoskr ratatoskr, ProgressListener listener, CancelSignal cancel) {
    if (opened == null) {
      return new JobResult.AlreadyWhole(config.output());
    }
    try {
      return run(opened, ratatoskr, listener, cancel);
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancel();
      return new JobResult.Interrupted(
          new ProgressMeter(surroundings.nanoTime(), listener).last(0, -1));
    }
  }

  private JobResult run(
      Opened job, Ratatoskr ratatoskr, ProgressListener listener, CancelSignal cancel)
      throws IOException, InterruptedException {
    ProgressMeter meter = new ProgressMeter(surroundings.nanoTime(), listener);
    long errorLines = 0;
    for (JobLog.WindowDone window : job.log().windows()) {
      errorLines += window.lines() - window.rows();
      meter.restore(window.lines(), window.lines() - window.rows(), window.reused());
    }
    WindowReader reader = new WindowReader(config, job.input());
    if (!job.log().whole()) {
      Dispatcher dispatcher = new Dispatcher(config, ratatoskr, surroundings.nanoTime());
      try (JobOutput output = JobOutput.open(config, job.folder(), job.log());
          JobRun run =
              new JobRun(
                  new DiskGuard(config, surroundings),
                  job.folder(),
                  job.log(),
                  output,
                  reader,
                  dispatcher,
                  meter,
                  cancel)) {
        if (!run.run()) {
          return new JobResult.Interrupted(meter.last(reader.linesRead(), reader.fractionRead()));
        }
      }
      errorLines = 0;
      for (JobLog.WindowDone window : job.log().windows()) {
        errorLines += window.lines() - window.rows();
      }
    }
    job.folder().finish(errorLines > 0);
    Progress last = meter.last(meter.done(), 1);
    long bytes = Files.size(config.output());
    return errorLines == 0
        ? new JobResult.Whole(last, config.output(), bytes)
        : new JobResult.WithErrorLines(
            last, config.output(), bytes, config.errorsFile(), errorLines);
  }

  @Override
  public void close() {
    if (opened == null) {
      return;
    }
    try (JobFolder _ = opened.folder();
        JobLog _ = opened.log();
        InputFile _ = opened.input()) {
      // Closes all three, whatever fails.
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    }
  }
}
