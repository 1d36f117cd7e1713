package io.ratatoskr.router.health;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.List;

/**
 * When a circuit opens and closes.
 *
 * @param failures failures in a row that open it, from 1
 * @param openPercent share of failures that opens it, 1 to 100
 * @param degradedPercent share of failures above which it is degraded, below {@code openPercent}
 * @param window how long failures count, 1 s to 1 h
 * @param recoveryDelay how long it stays open before probes, 100 ms to 1 h
 * @param probes probes under way at once while it is half open, from 1
 * @param successes probes in a row that close it, from 1
 */
public record CircuitSettings(
    int failures,
    int openPercent,
    int degradedPercent,
    Duration window,
    Duration recoveryDelay,
    int probes,
    int successes) {

  private static final Duration HOUR = Duration.ofHours(1);

  private static final Setting<Integer> FAILURES =
      Setting.integer(
          "circuit.failures",
          3,
          1,
          1_000,
          "Failures of a pool's model in a row, by the count of all routers, that open its"
              + " circuit.");
  private static final Setting<Integer> OPEN_PERCENT =
      Setting.integer(
          "circuit.open-percent",
          50,
          1,
          100,
          "Moving average of the share of failures, in percent, that opens it.");
  private static final Setting<Integer> DEGRADED_PERCENT =
      Setting.integer(
          "circuit.degraded-percent",
          10,
          0,
          99,
          "The same above which it is degraded: others of the same rank are asked first.");
  private static final Setting<Duration> WINDOW =
      Setting.duration(
          "circuit.window",
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          HOUR,
          "Failures are forgotten when nothing was tried for so long.");
  private static final Setting<Duration> RECOVERY_DELAY =
      Setting.duration(
          "circuit.recovery-delay",
          Duration.ofSeconds(30),
          Duration.ofMillis(100),
          HOUR,
          "How long an open circuit is left alone before it is probed.");
  private static final Setting<Integer> PROBES =
      Setting.integer(
          "circuit.probes", 3, 1, 1_000, "Requests of all routers that probe it at once.");
  private static final Setting<Integer> SUCCESSES =
      Setting.integer(
          "circuit.successes",
          3,
          1,
          1_000,
          "Probes that have to succeed before it closes; one that fails opens it again.");

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section(
          "circuit",
          "When the routers leave a pool's model alone that fails, and try it again. Alike in all"
              + " routers.",
          List.of(
              FAILURES, OPEN_PERCENT, DEGRADED_PERCENT, WINDOW, RECOVERY_DELAY, PROBES, SUCCESSES));

  public CircuitSettings {
    FAILURES.check(failures);
    OPEN_PERCENT.check(openPercent);
    DEGRADED_PERCENT.check(degradedPercent);
    WINDOW.check(window);
    RECOVERY_DELAY.check(recoveryDelay);
    PROBES.check(probes);
    SUCCESSES.check(successes);
    if (degradedPercent >= openPercent) {
      throw new InvalidSettingException(
          DEGRADED_PERCENT.key(), "is not below " + OPEN_PERCENT.key());
    }
  }

  /** As the values of a configuration file say. */
  public static CircuitSettings of(Values values) {
    return new CircuitSettings(
        FAILURES.of(values),
        OPEN_PERCENT.of(values),
        DEGRADED_PERCENT.of(values),
        WINDOW.of(values),
        RECOVERY_DELAY.of(values),
        PROBES.of(values),
        SUCCESSES.of(values));
  }

  double openRate() {
    return openPercent / 100.0;
  }

  double degradedRate() {
    return degradedPercent / 100.0;
  }
}
