package io.ratatoskr.bulk;

import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.Time;
import java.io.IOException;
import java.io.InputStream;

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
  private final OpenJob job;

  /**
   * The parts of the system that a job uses: standard input, free disk space and time.
   *
   * @param standardInput read where the input is {@code -}
   * @param freeSpace reading of the output's disk
   * @param time clock and timer for rates, pauses and patience
   */
  public record Surroundings(InputStream standardInput, UsableSpace freeSpace, Time time) {
    /** This process's own. */
    public static Surroundings system() {
      return new Surroundings(System.in, UsableSpace.ofFileSystem(), Time.system());
    }
  }

  private BulkJob(JobConfig config, Surroundings surroundings, OpenJob job) {
    this.config = config;
    this.surroundings = surroundings;
    this.job = job;
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
    Inquiry inquiry = Inquiry.of(config.kind());
    JobIdentity settings =
        JobIdentity.of("kind", config.kind().capability().topicName())
            .with(inquiry.identity())
            .with("windows", WINDOWS);
    return new BulkJob(
        config, surroundings, OpenJob.open(config, surroundings, inquiry.parts(), settings));
  }

  /** Whether there is nothing left to do, so that no pipeline is needed. */
  public boolean alreadyWhole() {
    return job.taken() == null;
  }

  /**
   * Does the work; once for each job that was opened.
   *
   * @throws BulkJobException if it cannot be done; what was answered is safe
   */
  public JobResult run(Ratatoskr ratatoskr, ProgressListener listener, CancelSignal cancel) {
    String unit = Inquiry.of(config.kind()).unit();
    return job.run(
        unit,
        listener,
        cancel,
        (taken, meter) -> {
          try (JobLog log = taken.folder().openLog()) {
            return run(taken, log, ratatoskr, meter, cancel);
          }
        });
  }

  private OpenJob.Ended run(
      OpenJob.Taken taken,
      JobLog log,
      Ratatoskr ratatoskr,
      ProgressMeter meter,
      CancelSignal cancel)
      throws IOException, InterruptedException {
    for (JobLog.WindowDone window : log.windows()) {
      meter.restore(window.lines(), window.lines() - window.rows(), window.reused());
    }
    if (!log.whole()) {
      WindowReader reader = new WindowReader(taken.input());
      Dispatcher dispatcher =
          new Dispatcher(
              Inquiry.of(config.kind()),
              config.options(),
              config.limits(),
              ratatoskr,
              surroundings.time());
      DiskGuard disk = new DiskGuard(config, surroundings);
      try (JobOutput output = JobOutput.open(config, taken.folder(), log);
          JobRun run =
              new JobRun(disk, taken.folder(), log, output, reader, dispatcher, meter, cancel)) {
        if (!run.run()) {
          return new OpenJob.Ended.Early(reader.linesRead(), reader.fractionRead());
        }
      }
    }
    return new OpenJob.Ended.Whole(log.errorLines());
  }

  @Override
  public void close() {
    job.close();
  }
}
