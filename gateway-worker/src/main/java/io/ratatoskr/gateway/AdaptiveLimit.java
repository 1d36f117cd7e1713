package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls to one provider begin: as many at once as went well lately, no more calls a second and
 * tokens a minute than are configured, and none while the provider has asked for a pause.
 *
 * <p>Additive increase, multiplicative decrease: each round of calls that go well allows one more,
 * and a provider that is asked too much is asked half as much. Of calls that were under way
 * together only the first refusal halves.
 */
final class AdaptiveLimit {
  /** Pauses up to this long are waited for here; longer ones are the router's to wait for. */
  private static final long SHORT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A provider's minutes are not ours: a sixth of the tokens may go at once. */
  private static final double SECONDS_AT_ONCE = 10;

  private static final double MINUTE = 60;

  private final ProviderLimits limits;
  private final String provider;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private double limit;
  private int inFlight;
  private final @Nullable Allowance requests;
  private final @Nullable Allowance tokens;
  private long pausedUntil;
  private long halvedAt;

  AdaptiveLimit(String provider, ProviderLimits limits, LongSupplier nanoTime) {
    this.provider = provider;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.limit = limits.concurrent();
    long now = nanoTime.getAsLong();
    this.requests =
        limits.requestsPerSecond().isEmpty()
            ? null
            : new Allowance(limits.requestsPerSecond().getAsDouble(), limits.burst(), now);
    this.tokens =
        limits.tokensPerMinute().isEmpty() ? null : ofMinute(limits.tokensPerMinute(), now);
    this.pausedUntil = now;
    this.halvedAt = now - 1;
  }

  private static Allowance ofMinute(OptionalLong tokens, long now) {
    double perSecond = tokens.orElseThrow() / MINUTE;
    return new Allowance(perSecond, Math.max(1, perSecond * SECONDS_AT_ONCE), now);
  }

  /** A call under way. */
  final class Permit implements AutoCloseable {
    private final long since = nanoTime.getAsLong();
    private final long guessed;
    private boolean open = true;

    private Permit(long guessed) {
      this.guessed = guessed;
    }

    /** The provider refused the call, or never got it: its tokens are not used. */
    void unused() {
      used(-guessed);
    }

    /** The provider took the call. */
    void wentWell() {
      locked(() -> limit = Math.min(limits.concurrent(), limit + 1 / limit));
    }

    /**
     * The provider refused the call because it is asked too much.
     *
     * @param pause how long it wants to be left alone; zero where it did not say
     */
    void refused(Duration pause) {
      locked(() -> {
        long now = nanoTime.getAsLong();
        if (since - halvedAt > 0) {
          limit = Math.max(1, limit / 2);
          halvedAt = now;
        }
        long until = now + pause.toNanos();
        if (until - pausedUntil > 0) {
          pausedUntil = until;
        }
      });
    }

    /** The call is over, its answer read or given up. */
    @Override
    public void close() {
      locked(() -> {
        if (open) {
          open = false;
          inFlight--;
        }
      });
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A call took so many tokens more than were guessed.
   *
   * @param more negative where it took fewer
   */
  void used(long more) {
    Allowance own = tokens;
    if (own != null) {
      locked(() -> own.use((double) more));
    }
  }

  /** Lets those that wait look again whether they are cancelled. */
  void wake() {
    locked(() -> {});
  }

  /**
   * Waits for a place.
   *
   * @param atMost longest wait
   * @param guessed tokens that the call may take
   * @param cancelled whether the call is not wanted any more; looked at after each {@link #wake}
   * @throws ProviderFailure with {@code RateLimited} where there is none in time
   */
  Permit acquire(Duration atMost, long guessed, BooleanSupplier cancelled)
      throws ProviderFailure, InterruptedException {
    long until = nanoTime.getAsLong() + atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = nanoTime.getAsLong();
        if (cancelled.getAsBoolean()) {
          throw new ProviderFailure(HttpErrors.cancelled());
        }
        if (pausedUntil - now > SHORT_PAUSE_NANOS) {
          throw refusal("asked for a pause", pausedUntil - now);
        }
        long wait = waitNanos(guessed, now);
        if (wait == 0) {
          return begun(guessed);
        }
        if (until - now <= 0) {
          throw refusal("is asked as much as its limits allow", 0);
        }
        changed.awaitNanos(Math.min(wait, until - now));
      }
    } finally {
      lock.unlock();
    }
  }

  private Permit begun(long guessed) {
    inFlight++;
    if (requests != null) {
      requests.use(1);
    }
    if (tokens != null) {
      tokens.use((double) guessed);
    }
    return new Permit(guessed);
  }

  /** 0 if a call may begin now; otherwise when to look again at the latest. */
  private long waitNanos(long guessed, long now) {
    if (pausedUntil - now > 0) {
      return pausedUntil - now;
    }
    if (inFlight >= (int) limit) {
      return Long.MAX_VALUE;
    }
    long forRequest = requests == null ? 0 : requests.waitNanos(1, now);
    long forTokens = tokens == null ? 0 : tokens.waitNanos((double) guessed, now);
    return Math.max(forRequest, forTokens);
  }

  private ProviderFailure refusal(String why, long pauseNanos) {
    InferenceError error = InferenceError.rateLimited("Provider %s %s.".formatted(provider, why));
    return new ProviderFailure(pauseNanos > 0 ? error.after(Duration.ofNanos(pauseNanos)) : error);
  }

  /** Calls that may be under way at once, now. */
  int limit() {
    lock.lock();
    try {
      return (int) limit;
    } finally {
      lock.unlock();
    }
  }

  /** Calls that are under way. */
  int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }
}
