package io.ratatoskr.router.health;

import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The circuits that one router owns, and what of them the others have been told. It reads no clock;
 * not thread-safe.
 */
final class HealthBook {
  /** A circuit without a report for so long is forgotten: clients name any model they like. */
  static final long FORGOTTEN_MS = 3_600_000;

  /**
   * Averages alone are told at most this often, and only when one moved by a tenth. What is told is
   * heard within this time.
   */
  static final long TOLD_MS = 1_000;

  private static final double MOVED = 0.1;
  private static final int MOST = 10_000;

  private final CircuitSettings settings;
  private final Map<ModelOfPool, Entry> entries = new HashMap<>();

  private static final class Entry {
    private final CircuitBreaker breaker;
    private Standing told;
    private long toldMs;
    private long heardMs;

    Entry(CircuitBreaker breaker, Standing told, long now) {
      this.breaker = breaker;
      this.told = told;
      this.heardMs = now;
    }
  }

  HealthBook(CircuitSettings settings) {
    this.settings = settings;
  }

  /** Takes circuits over as they stand. */
  void take(HealthSnapshot health, Predicate<ModelOfPool> which, long now) {
    health
        .standings()
        .forEach((of, standing) -> {
          if (which.test(of)) {
            entries.put(
                of, new Entry(CircuitBreaker.resumed(settings, standing, now), standing, now));
          }
        });
  }

  /** Another router owns these now. */
  void drop(Predicate<ModelOfPool> which) {
    entries.keySet().removeIf(which);
  }

  /** A router reports. */
  void report(ModelOfPool of, String router, OutcomeReport report, long now) {
    Entry entry = entries.get(of);
    if (entry == null) {
      if (entries.size() >= MOST) {
        return;
      }
      entry = new Entry(new CircuitBreaker(settings), Standing.UNKNOWN, now);
      entries.put(of, entry);
    }
    entry.heardMs = now;
    entry.breaker.report(router, report, now);
  }

  /**
   * What is to be told at that time; empty where a circuit is forgotten.
   *
   * @param heard what all routers hear now: what was told a second ago and is not heard is told
   *     again, since it was lost, or another router has told since, which took itself for the owner
   */
  Map<ModelOfPool, Optional<Standing>> changes(HealthSnapshot heard, long now) {
    Map<ModelOfPool, Optional<Standing>> changes = new HashMap<>();
    entries.forEach((of, entry) -> {
      entry.breaker.tick(now);
      Standing standing = entry.breaker.standing();
      if (now - entry.heardMs > FORGOTTEN_MS) {
        changes.put(of, Optional.empty());
        return;
      }
      if (now - entry.toldMs >= TOLD_MS) {
        entry.told = heard.of(of.pool(), of.model());
      }
      if (isNews(entry, standing, now)) {
        entry.told = standing;
        entry.toldMs = now;
        changes.put(of, Optional.of(standing));
      }
    });
    changes.forEach((of, standing) -> {
      if (standing.isEmpty()) {
        entries.remove(of);
      }
    });
    return changes;
  }

  private static boolean isNews(Entry entry, Standing standing, long now) {
    Standing told = entry.told;
    return standing.circuit() != told.circuit()
        || standing.sinceMs() != told.sinceMs()
        || standing.recoversMs() != told.recoversMs()
        || standing.notBeforeMs() != told.notBeforeMs()
        || !standing.probes().equals(told.probes())
        || (now - entry.toldMs >= TOLD_MS
            && (moved(told.failureRate(), standing.failureRate())
                || moved(told.firstTokenMs(), standing.firstTokenMs())
                || moved(told.tokensPerSecond(), standing.tokensPerSecond())
                || moved(told.executionMs(), standing.executionMs())));
  }

  private static boolean moved(double told, double now) {
    return Math.abs(now - told) > MOVED * told;
  }
}
