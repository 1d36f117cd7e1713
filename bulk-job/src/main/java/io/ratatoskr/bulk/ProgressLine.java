package io.ratatoskr.bulk;

import java.time.Duration;
import java.util.Locale;

/** Progress and results as text. Nothing here writes anything. */
final class ProgressLine {
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private ProgressLine() {}

  /**
   * One line, cut to the width.
   *
   * @param width columns it may take; what does not fit is left out, whole parts at a time, except
   *     of the first
   * @param colour whether to use ANSI colours
   */
  static String of(Progress progress, int width, boolean colour) {
    String[] parts = {
      done(progress),
      rate(progress.linesPerSecond()) + " " + progress.unit() + "/s",
      progress.eta().map(eta -> "ETA " + duration(eta)).orElse(""),
      progress.tokens() == 0 ? "" : rate(progress.tokensPerSecond()) + " tokens/s",
      progress.errors() == 0 ? "" : count(progress.errors(), "error"),
      progress.reused() == 0 ? "" : number(progress.reused()) + " reused",
      progress.inFlight() + " in flight"
    };
    StringBuilder line = new StringBuilder();
    int columns = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = (columns > 0 && !parts[i].isEmpty() ? " · " : "") + parts[i];
      if (columns > 0 && columns + part.length() > width) {
        break;
      }
      part = part.substring(0, Math.min(part.length(), width));
      columns += part.length();
      line.append(colour ? coloured(part, i) : part);
    }
    return line.toString();
  }

  private static String coloured(String part, int index) {
    return switch (index) {
      case 0 -> BOLD + part + PLAIN;
      case 4 -> part.isEmpty() ? part : RED + part + PLAIN;
      default -> part;
    };
  }

  private static String done(Progress progress) {
    if (progress.total().isEmpty()) {
      return number(progress.done()) + " done";
    }
    long total = progress.total().getAsLong();
    long percent = total == 0 ? 100 : progress.done() * 100 / total;
    String about = progress.totalExact() ? "" : "about ";
    return number(progress.done()) + " of " + about + number(total) + " (" + percent + " %)";
  }

  /** The closing summary, several lines without a break at the end. */
  static String summary(JobResult result) {
    return switch (result) {
      case JobResult.Whole whole ->
          work(whole.progress()) + "\n" + file(whole.output().toString(), whole.outputBytes());
      case JobResult.WithErrorLines errors ->
          work(errors.progress())
              + "\n"
              + file(errors.output().toString(), errors.outputBytes())
              + "\n"
              + count(errors.errors(), "error line")
              + " in "
              + errors.errorsFile();
      case JobResult.Interrupted interrupted ->
          "Interrupted: " + work(interrupted.progress()) + "\nResume the job to go on.";
      case JobResult.AlreadyWhole whole ->
          whole.output() + " is whole already; there is nothing to resume.";
    };
  }

  private static String work(Progress progress) {
    return "%s in %s (%s %s/s%s), %s, %s reused"
        .formatted(
            count(progress.done(), "line"),
            duration(progress.elapsed()),
            rate(progress.linesPerSecond()),
            progress.unit(),
            progress.tokens() == 0 ? "" : ", " + rate(progress.tokensPerSecond()) + " tokens/s",
            count(progress.errors(), "error"),
            number(progress.reused()));
  }

  private static String file(String name, long bytes) {
    return name + " (" + size(bytes) + ")";
  }

  private static String count(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String rate(double rate) {
    return rate < 10
        ? String.format(Locale.ROOT, "%.1f", rate)
        : String.format(Locale.ROOT, "%,.0f", rate);
  }

  private static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double kibibytes = bytes / 1024.0;
    return kibibytes < 1024
        ? String.format(Locale.ROOT, "%.1f KiB", kibibytes)
        : String.format(Locale.ROOT, "%,.1f MiB", kibibytes / 1024);
  }

  private static String duration(Duration duration) {
    if (duration.toSeconds() < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    }
    if (duration.toHours() < 1) {
      return "%d:%02d min".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    return "%d:%02d h".formatted(duration.toHours(), duration.toMinutesPart());
  }
}
