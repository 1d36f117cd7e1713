package io.ratatoskr.bulk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a job could not begin or go on, its input aside ({@link io.ratatoskr.formats.InputUnusable});
 * the message says what to do.
 */
public abstract sealed class BulkJobException extends RuntimeException {

  private BulkJobException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The output cannot be written there, or something else has that place. */
  public static final class OutputUnusable extends BulkJobException {
    OutputUnusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The output or an unfinished job is there already, and the configuration says to refuse. */
  public static final class OutputExists extends BulkJobException {
    OutputExists(String message) {
      super(message, null);
    }
  }

  /** Input, options or model are not those of the job that is to be resumed. */
  public static final class NotTheSameJob extends BulkJobException {
    private final transient List<String> differences;

    NotTheSameJob(String message, List<String> differences) {
      super(message + ": " + String.join("; ", differences), null);
      this.differences = List.copyOf(differences);
    }

    /** The differences, one sentence each. */
    public List<String> differences() {
      return differences;
    }
  }

  /** Another process runs a job on this output. */
  public static final class AlreadyRunning extends BulkJobException {
    AlreadyRunning(String message) {
      super(message, null);
    }
  }

  /** The disk is full or nearly so; what was answered is safe, and the job can be resumed. */
  public static final class DiskFull extends BulkJobException {
    DiskFull(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The pipeline cannot do this job, or is gone; the job can be resumed. */
  public static final class PipelineFailed extends BulkJobException {
    PipelineFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
