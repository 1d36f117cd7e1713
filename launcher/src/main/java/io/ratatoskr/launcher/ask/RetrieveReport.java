package io.ratatoskr.launcher.ask;

import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.retrieval.StageTimes;
import io.ratatoskr.retrieval.StageTimes.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Reports the time that a run of queries took, stage by stage. Thread-safe. */
final class RetrieveReport {
  private final StageTimes times;
  private final long begin = System.nanoTime();
  private final LongAdder queries = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder candidates = new LongAdder();
  private final LongAdder unjudged = new LongAdder();

  RetrieveReport(StageTimes times) {
    this.times = times;
  }

  void count(Retrieval retrieval) {
    queries.increment();
    hits.add(retrieval.hits().size());
    candidates.add(retrieval.candidates());
    unjudged.add(retrieval.unjudged());
  }

  /** The report as it stands; no lines where nothing was answered. */
  List<String> lines() {
    if (queries.sum() == 0) {
      return List.of();
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - begin);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d queries, %s queries/s; %,d hits of %,d candidates, %,d of them unjudged"
            .formatted(
                queries.sum(),
                number(queries.sum() / seconds(wall)),
                hits.sum(),
                candidates.sum(),
                unjudged.sum()));
    for (Stage stage : Stage.values()) {
      StageTimes.Summary summary = times.summary(stage);
      lines.add(
          "%-6s median %s ms a query, busy for %s s"
              .formatted(
                  stage.name().toLowerCase(Locale.ROOT),
                  number(1e3 * seconds(summary.median())),
                  number(seconds(summary.busy()))));
    }
    lines.add(
        "%s s in all ÷ sum of the stages' busy times = %s (1 where they take turns)"
            .formatted(number(seconds(wall)), number(times.overlap(wall))));
    return lines;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String number(double value) {
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
