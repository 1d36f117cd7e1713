package io.ratatoskr.router;

import java.util.concurrent.atomic.AtomicReference;

/** The limits of the answer cache, which change while the router runs. Thread-safe. */
final class LiveCache {
  private final AtomicReference<CacheSettings> limits;

  LiveCache(CacheSettings limits) {
    this.limits = new AtomicReference<>(limits);
  }

  CacheSettings limits() {
    return limits.get();
  }

  /** From now on these hold; whether there is a cache at all is for a start to say. */
  void change(CacheSettings newLimits) {
    limits.updateAndGet(now ->
        new CacheSettings(
            now.enabled(), newLimits.ttl(), newLimits.taskBytes(), newLimits.answerBytes()));
  }
}
