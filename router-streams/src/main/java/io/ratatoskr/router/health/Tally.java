package io.ratatoskr.router.health;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.Answered;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of a router's attempts, and holds its permits for probes. Tasks count, one
 * thread takes the counts away now and then. Thread-safe, and never blocks for long.
 */
public final class Tally {
  /** How long a provider is left alone that says "later" without saying when. */
  private static final Duration LATER = Duration.ofSeconds(1);

  /** Clocks of two machines may differ by so much. */
  private static final long CLOCKS_MS = 1_000;

  private static final double SECOND_MS = 1_000;

  private final String router;
  private final Supplier<HealthSnapshot> health;
  private final Map<ModelOfPool, Counts> counted = new HashMap<>();
  private final Map<ModelOfPool, Sent> probes = new HashMap<>();

  /** The probes sent while a circuit is half open since then. */
  private record Sent(long sinceMs, int probes) {}

  /**
   * Nothing is counted yet.
   *
   * @param router id of the router
   * @param health what all routers know of circuits
   */
  public Tally(String router, Supplier<HealthSnapshot> health) {
    this.router = router;
    this.health = health;
  }

  /**
   * A worker answered.
   *
   * @param dispatchedMs when the attempt was sent, in epoch milliseconds
   */
  public synchronized void answered(ModelOfPool of, long dispatchedMs, Answered answer) {
    Counts counts = counts(of);
    if (counts.concern(dispatchedMs)) {
      counts.successes++;
      counts.trailingFailures = 0;
    }
    long executionMs = answer.getTimings().getExecutionMs();
    counts.execution = counts.execution.plus((double) executionMs);
    if (answer.getFirstTokenMs() > 0) {
      counts.firstToken = counts.firstToken.plus((double) answer.getFirstTokenMs());
    }
    long tokens = answerTokens(answer);
    if (tokens > 0 && executionMs > 0) {
      counts.tokensPerSecond = counts.tokensPerSecond.plus(tokens * SECOND_MS / executionMs);
    }
  }

  /** Tokens of an answer, as its provider counts them; 0 where it is not known. */
  private static long answerTokens(Answered answer) {
    Long tokens = answer.getUsage() == null ? null : answer.getUsage().getCompletionTokens();
    return tokens == null ? 0 : tokens;
  }

  /**
   * An attempt failed.
   *
   * @param dispatchedMs when it was sent, in epoch milliseconds
   * @param now in epoch milliseconds
   */
  public synchronized void failed(
      ModelOfPool of, long dispatchedMs, InferenceError error, long now) {
    Counts counts = counts(of);
    if (error.code() == ErrorCode.RATE_LIMITED) {
      long until = now + error.retryAfter().orElse(LATER).toMillis();
      counts.notBeforeMs = Math.max(counts.notBeforeMs, until);
    }
    if (!counts.concern(dispatchedMs)) {
      return;
    }
    if (error.blamesCandidate()) {
      counts.failures++;
      counts.trailingFailures++;
    } else {
      counts.others++;
    }
  }

  /**
   * The worker of an attempt is gone, or took longer than it may.
   *
   * @param dispatchedMs when the attempt was sent, in epoch milliseconds
   */
  public synchronized void lost(ModelOfPool of, long dispatchedMs) {
    Counts counts = counts(of);
    if (counts.concern(dispatchedMs)) {
      counts.failures++;
      counts.trailingFailures++;
    }
  }

  /**
   * Takes a permit for a probe, where the circuit is half open and this router has one left. One
   * that it would have needed is asked for.
   *
   * @return since when the circuit is half open, which names the permit
   */
  synchronized OptionalLong takeProbe(ModelOfPool of) {
    Standing standing = health.get().of(of.pool(), of.model());
    if (standing.circuit() != Circuit.HALF_OPEN) {
      return OptionalLong.empty();
    }
    Sent sent = sent(of, standing);
    if (sent.probes() >= standing.probes().getOrDefault(router, 0)) {
      counts(of).probesWanted++;
      return OptionalLong.empty();
    }
    probes.put(of, new Sent(standing.sinceMs(), sent.probes() + 1));
    return OptionalLong.of(standing.sinceMs());
  }

  /** Makes sure that a probe is told of: it is on its way. */
  synchronized void sentProbe(ModelOfPool of) {
    counts(of);
  }

  /** Gives a permit back that was not used. */
  synchronized void giveBackProbe(ModelOfPool of, long sinceMs) {
    probes.computeIfPresent(
        of, (key, sent) -> sent.sinceMs() == sinceMs ? new Sent(sinceMs, sent.probes() - 1) : sent);
  }

  private Sent sent(ModelOfPool of, Standing standing) {
    Sent sent = probes.get(of);
    return sent == null || sent.sinceMs() != standing.sinceMs()
        ? new Sent(standing.sinceMs(), 0)
        : sent;
  }

  private Counts counts(ModelOfPool of) {
    long sinceMs = health.get().of(of.pool(), of.model()).sinceMs();
    Counts counts = counted.get(of);
    if (counts == null || counts.sinceMs != sinceMs) {
      counts = new Counts(sinceMs, counts);
      counted.put(of, counts);
    }
    return counts;
  }

  /** Takes away what was counted. */
  synchronized Map<ModelOfPool, OutcomeReport> drain() {
    Map<ModelOfPool, OutcomeReport> reports = new HashMap<>();
    HealthSnapshot now = health.get();
    probes
        .entrySet()
        .removeIf(each ->
            now.of(each.getKey().pool(), each.getKey().model()).sinceMs()
                != each.getValue().sinceMs());
    counted.forEach((of, counts) -> {
      Sent sent = probes.get(of);
      int inAll = sent == null || sent.sinceMs() != counts.sinceMs ? 0 : sent.probes();
      reports.put(of, counts.report(inAll));
    });
    counted.clear();
    return reports;
  }

  private static final class Counts {
    private final long sinceMs;
    private int successes;
    private int failures;
    private int trailingFailures;
    private int others;
    private long notBeforeMs;
    private int probesWanted;
    private Sample firstToken = Sample.NONE;
    private Sample tokensPerSecond = Sample.NONE;
    private Sample execution = Sample.NONE;

    /** Outcomes are counted anew where the circuit has changed; the rest holds on. */
    Counts(long sinceMs, @Nullable Counts before) {
      this.sinceMs = sinceMs;
      if (before != null) {
        notBeforeMs = before.notBeforeMs;
        firstToken = before.firstToken;
        tokensPerSecond = before.tokensPerSecond;
        execution = before.execution;
      }
    }

    /** Whether an attempt that was sent then is one of the circuit's present state. */
    boolean concern(long dispatchedMs) {
      return dispatchedMs >= sinceMs - CLOCKS_MS;
    }

    OutcomeReport report(int probesSent) {
      return new OutcomeReport(
          successes,
          failures,
          trailingFailures,
          others,
          notBeforeMs,
          sinceMs,
          probesSent,
          probesWanted,
          firstToken,
          tokensPerSecond,
          execution);
    }
  }
}
