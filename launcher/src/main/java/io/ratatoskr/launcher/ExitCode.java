package io.ratatoskr.launcher;

/** The exit statuses of the command. */
final class ExitCode {
  /** Everything was done. */
  static final int WHOLE = 0;

  /** Nothing, or not everything, was done; one line on standard error says why. */
  static final int FAILED = 1;

  /** Everything was done, and some input lines could not be: see the errors file. */
  static final int ERROR_LINES = 2;

  /** The disk ran full. What was done is kept; make room and resume. */
  static final int DISK_FULL = 3;

  /** Stopped by Ctrl-C: 128 + SIGINT, as shells have it. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
