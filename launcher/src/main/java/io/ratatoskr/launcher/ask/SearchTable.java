package io.ratatoskr.launcher.ask;

import io.ratatoskr.retrieval.Hit;
import io.ratatoskr.retrieval.Judgement;
import io.ratatoskr.retrieval.Retrieval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a retrieval as a table for people. */
final class SearchTable {
  private static final int ID_COLUMNS = 24;
  private static final int FEWEST_TEXT_COLUMNS = 20;

  private SearchTable() {}

  /**
   * The table and a line below it.
   *
   * @param columns of the terminal; texts are cut to fit
   */
  static List<String> lines(Retrieval found, int columns) {
    List<String> lines = new ArrayList<>();
    int ids = found.hits().stream().mapToInt(hit -> hit.candidate().id().length()).max().orElse(2);
    int id = Math.clamp(ids, 2, ID_COLUMNS);
    String head = "  # score cosine entails contra ";
    int text = Math.max(FEWEST_TEXT_COLUMNS, columns - head.length() - id - 2);
    if (!found.hits().isEmpty()) {
      lines.add(head + fit("id", id) + " text");
    }
    for (Hit hit : found.hits()) {
      lines.add(
          "%3d %5s %6s %s %s %s"
              .formatted(
                  hit.rank(),
                  hit.judgement() instanceof Judgement.Unjudged ? "-" : number(hit.score()),
                  number(hit.candidate().cosine()),
                  judgement(hit.judgement()),
                  fit(hit.candidate().id(), id),
                  cut(hit.candidate().text().strip().replaceAll("\\s+", " "), text)));
    }
    Retrieval.Timings timings = found.timings();
    lines.add(
        "%d of %d candidates; embed %s ms, search %s ms%s%s"
            .formatted(
                found.hits().size(),
                found.candidates(),
                millis(timings.embed()),
                millis(timings.search()),
                found.judged() ? ", NLI " + millis(timings.judge()) + " ms" : "",
                found.unjudged() == 0 ? "" : "; " + found.unjudged() + " could not be judged"));
    if (!found.judged()) {
      lines.add(
          "Ranked by nearness alone: NLI judges claims, written as sentences with a capital and a"
              + " full stop (--judge always judges every query).");
    }
    return lines;
  }

  private static String judgement(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Judged judged ->
          "%7s %6s".formatted(number(judged.entailment()), number(judged.contradiction()));
      case Judgement.Unjudged unjudged -> fit(unjudged.error().code().wireName(), 14);
      case Judgement.NotAsked _ -> "%7s %6s".formatted("-", "-");
    };
  }

  private static String fit(String text, int columns) {
    String cut = cut(text, columns);
    return cut + " ".repeat(Math.max(0, columns - cut.length()));
  }

  private static String cut(String text, int columns) {
    if (text.length() <= columns) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(columns - 2)) ? columns - 2 : columns - 1;
    return text.substring(0, end) + "…";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
  }
}
