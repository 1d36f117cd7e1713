package io.ratatoskr.launcher.command;

/** The exit statuses of the command. */
public final class ExitCode {
  /** Everything was done. */
  public static final int WHOLE = 0;

  /** Nothing, or not everything, was done; one line on standard error says why. */
  public static final int FAILED = 1;

  /** Everything was done, and some input lines could not be: see the errors file. */
  public static final int ERROR_LINES = 2;

  /** The disk ran full. What was done is kept; make room and resume. */
  public static final int DISK_FULL = 3;

  /** Stopped by Ctrl-C: 128 + SIGINT, as shells have it. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
