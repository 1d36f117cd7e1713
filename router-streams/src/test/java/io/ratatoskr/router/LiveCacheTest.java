package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveCacheTest {
  private static final long MIB = 1 << 20;

  @Test
  void change_takesTheLimits_andNotWhetherThereIsACache() {
    LiveCache cache = new LiveCache(new CacheSettings(true, Duration.ofHours(1), 2 * MIB, 1_024));

    cache.change(new CacheSettings(false, Duration.ofHours(2), 3 * MIB, 2_048));

    assertThat(cache.limits())
        .isEqualTo(new CacheSettings(true, Duration.ofHours(2), 3 * MIB, 2_048));
  }
}
