package io.ratatoskr.router.health;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.Standing;
import java.util.Map;

/**
 * The circuit of one model of a pool: what follows from the reports of all routers and from time.
 * It reads no clock; not thread-safe.
 *
 * <pre>
 *             share of failures above degraded-percent
 *   CLOSED ◄──────────────────────────────────────────► DEGRADED
 *     ▲  │                                                │
 *     │  └── failures in a row, or share of open-percent ─┤
 *     │                                                   ▼
 *     └── successes ── HALF_OPEN ◄── recovery-delay ──── OPEN
 *                          └────────── a failure ─────────▲
 * </pre>
 *
 * Reports of several routers interleave, so "in a row" means: no answer in the same report after
 * them, nor in a later one. An attempt counts only for the state that it was sent in: what was
 * under way when the circuit opened says nothing about its recovery. A rate limit opens nothing,
 * since a provider that says "later" is well; it sets the time before which nobody asks.
 */
final class CircuitBreaker {
  /** How far a report moves the share of failures; A3 of the design's peers calls it EMA. */
  private static final double SMOOTHING = 0.3;

  /** Outcomes that a report must hold to move it that far; one alone proves little. */
  private static final double FULL_REPORT = 3;

  private final CircuitSettings settings;
  private final ProbeLedger probes;
  private Circuit circuit = Circuit.CLOSED;
  private long sinceMs;
  private long recoversMs;
  private long notBeforeMs;
  private long outcomeMs;
  private int failuresInRow;
  private int probesPassed;
  private double failureRate;
  private double firstTokenMs;
  private double tokensPerSecond;
  private double executionMs;

  /** A circuit that nothing was reported of. */
  CircuitBreaker(CircuitSettings settings) {
    this.settings = settings;
    this.probes = new ProbeLedger(settings.probes(), settings.recoveryDelay().toMillis());
  }

  /**
   * A circuit that another router has owned before. What probes are under way only that one knew,
   * so a half-open circuit becomes half open anew.
   */
  static CircuitBreaker resumed(CircuitSettings settings, Standing standing, long now) {
    CircuitBreaker breaker = new CircuitBreaker(settings);
    breaker.circuit = standing.circuit();
    breaker.sinceMs = standing.sinceMs();
    breaker.recoversMs = standing.recoversMs();
    if (standing.circuit() == Circuit.HALF_OPEN) {
      breaker.circuit = Circuit.OPEN;
      breaker.recoversMs = now;
    }
    breaker.notBeforeMs = standing.notBeforeMs();
    breaker.outcomeMs = now;
    breaker.failureRate = standing.failureRate();
    breaker.firstTokenMs = standing.firstTokenMs();
    breaker.tokensPerSecond = standing.tokensPerSecond();
    breaker.executionMs = standing.executionMs();
    return breaker;
  }

  /** A router reports. */
  void report(String router, OutcomeReport report, long now) {
    tick(now);
    firstTokenMs = report.firstToken().into(firstTokenMs);
    tokensPerSecond = report.tokensPerSecond().into(tokensPerSecond);
    executionMs = report.execution().into(executionMs);
    notBeforeMs = Math.max(notBeforeMs, report.notBeforeMs());
    probes.heard(router);
    if (report.sinceMs() != sinceMs) {
      return; // made by a standing that the router has not seen replaced yet
    }
    switch (circuit) {
      case CLOSED, DEGRADED -> judge(report, now);
      case HALF_OPEN -> probed(router, report, now);
      case OPEN -> {}
    }
  }

  /** Time passes. */
  void tick(long now) {
    switch (circuit) {
      case CLOSED, DEGRADED -> {
        if (now - outcomeMs > settings.window().toMillis()) {
          failuresInRow = 0;
          failureRate = 0;
          circuit = Circuit.CLOSED;
        }
      }
      case OPEN -> {
        if (now >= recoversMs) {
          circuit = Circuit.HALF_OPEN;
          sinceMs = later(now);
          recoversMs = 0;
          probesPassed = 0;
          probes.begin(now);
          probes.grant(settings.successes(), now);
        }
      }
      case HALF_OPEN -> probes.grant(settings.successes() - probesPassed, now);
    }
  }

  private void judge(OutcomeReport report, long now) {
    int outcomes = report.successes() + report.failures();
    if (outcomes == 0) {
      return;
    }
    outcomeMs = now;
    failuresInRow =
        report.successes() > 0 ? report.trailingFailures() : failuresInRow + report.failures();
    double share = (double) report.failures() / outcomes;
    failureRate += SMOOTHING * Math.min(1, outcomes / FULL_REPORT) * (share - failureRate);
    if (failuresInRow >= settings.failures() || failureRate >= settings.openRate()) {
      open(now);
    } else if (failureRate > settings.degradedRate()) {
      circuit = Circuit.DEGRADED;
    } else if (failureRate <= settings.degradedRate() / 2) {
      circuit = Circuit.CLOSED;
    }
  }

  private void probed(String router, OutcomeReport report, long now) {
    probes.sent(router, report.probesSent(), now);
    probes.ended(report.ended(), now);
    if (report.failures() > 0) {
      open(now);
      return;
    }
    probesPassed += report.successes();
    if (probesPassed >= settings.successes()) {
      circuit = Circuit.CLOSED;
      sinceMs = later(now);
      outcomeMs = now;
      failuresInRow = 0;
      failureRate = 0;
      return;
    }
    if (report.probesWanted() > 0) {
      probes.wanted(router);
    }
    probes.grant(settings.successes() - probesPassed, now);
  }

  private void open(long now) {
    circuit = Circuit.OPEN;
    sinceMs = later(now);
    recoversMs = now + settings.recoveryDelay().toMillis();
  }

  /** Names the new state: no two may have the same. */
  private long later(long now) {
    return Math.max(now, sinceMs + 1);
  }

  /** How it stands now. */
  Standing standing() {
    return new Standing(
        circuit,
        sinceMs,
        recoversMs(),
        notBeforeMs,
        failureRate,
        firstTokenMs,
        tokensPerSecond,
        executionMs,
        circuit == Circuit.HALF_OPEN ? probes.permits() : Map.of());
  }

  private long recoversMs() {
    return circuit == Circuit.OPEN ? recoversMs : 0;
  }
}
