package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One meter, declared once. Its name is the one in the code, in docs/metrics.md and in what
 * Prometheus scrapes.
 *
 * @param name lower case with underscores, {@code ratatoskr_} and the part first; ends as its kind
 *     asks
 * @param kind what is measured
 * @param tags the keys of its tags, separated by commas
 * @param description what it counts or measures, one sentence
 */
public record MeterSpec(String name, Kind kind, String tags, String description) {
  /** The kinds of meters. */
  public enum Kind {
    /** A number that only grows; its name ends in {@code _total}. */
    COUNTER("_total"),
    /** Durations in seconds, as a histogram; its name ends in {@code _seconds}. */
    TIMER("_seconds"),
    /** A number that goes up and down. */
    GAUGE("");

    private final String ending;

    Kind(String ending) {
      this.ending = ending;
    }
  }

  /**
   * The bounds, from what a cached answer takes to the longest deadlines, about 2.5 times longer
   * each.
   */
  private static final List<Duration> BUCKETS =
      Stream.concat(
              Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500).map(Duration::ofMillis),
              Stream.of(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800).map(Duration::ofSeconds))
          .toList();

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException where it does not fit the kind
   */
  public MeterSpec {
    if (!name.matches("ratatoskr(_[a-z]+)+") || !name.endsWith(kind.ending)) {
      throw new IllegalArgumentException(name + " is no name for a " + kind);
    }
  }

  /** The upper bounds of a timer's buckets, 1 ms to 30 minutes. */
  public static Duration[] buckets() {
    return BUCKETS.toArray(Duration[]::new);
  }

  /** A table of meters in Markdown, in the given order. */
  public static String markdown(Stream<MeterSpec> meters) {
    StringBuilder table =
        new StringBuilder("| meter | kind | tags | meaning |\n|---|---|---|---|\n");
    meters.forEach(meter ->
        table.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    meter.name,
                    meter.kind.name().toLowerCase(Locale.ROOT),
                    meter.tags,
                    meter.description)));
    return table.toString();
  }
}
