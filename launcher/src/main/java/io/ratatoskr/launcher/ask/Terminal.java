package io.ratatoskr.launcher.ask;

import io.ratatoskr.bulk.JobResult;
import io.ratatoskr.bulk.ProgressListener;
import io.ratatoskr.bulk.ProgressPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The terminal, if there is one. */
final class Terminal {
  private static final int USUAL_COLUMNS = 80;

  private Terminal() {}

  /**
   * Runs a job with its progress on standard error, as a live line on a terminal and plain lines
   * elsewhere, and then its summary.
   */
  static JobResult withProgress(Function<ProgressListener, JobResult> job) {
    boolean live = !isDumb(System.getenv()) && errIsTerminal();
    int columns = live ? columns() : USUAL_COLUMNS;
    ProgressPrinter printer =
        new ProgressPrinter(
            System.err, live, !colourless(System.getenv()), () -> columns, System::nanoTime);
    try {
      JobResult result = job.apply(printer);
      printer.close(result);
      return result;
    } catch (RuntimeException e) {
      printer.clear();
      throw e;
    }
  }

  /** Whether the terminal cannot go back to the beginning of a line, as those of editors. */
  static boolean isDumb(Map<String, String> environment) {
    return environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** Whether the user wants no colours; see no-color.org. */
  static boolean colourless(Map<String, String> environment) {
    return !environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Asked of a program, since Java's console speaks for standard input and output only. */
  private static boolean errIsTerminal() {
    return run("test", "-t", "2") != null;
  }

  /** Whether standard output is a terminal. */
  static boolean outIsTerminal() {
    try {
      return new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Columns of the terminal; 80 where there is none. */
  static int columns() {
    String size = run("stty", "size");
    if (size != null) {
      String columns = size.strip().replaceFirst("^\\d+ ", "");
      if (columns.matches("[1-9][0-9]{0,3}")) {
        return Integer.parseInt(columns);
      }
    }
    return USUAL_COLUMNS;
  }

  /** The output of a program that looks at this process's terminal; null where it fails. */
  private static @Nullable String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
