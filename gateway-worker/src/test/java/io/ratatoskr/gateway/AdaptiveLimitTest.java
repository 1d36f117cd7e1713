package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ratatoskr.schemas.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private static final Duration NO_WAIT = Duration.ZERO;

  private final AtomicLong now = new AtomicLong(-5);

  private AdaptiveLimit limit(int concurrent, OptionalDouble perSecond, int burst) {
    return new AdaptiveLimit(
        "p",
        new ProviderLimits(concurrent, perSecond, burst, OptionalLong.empty(), NO_WAIT, 1),
        now::get);
  }

  private AdaptiveLimit limit(int concurrent) {
    return limit(concurrent, OptionalDouble.empty(), 1);
  }

  private static AdaptiveLimit.Permit take(AdaptiveLimit limit) throws Exception {
    return take(limit, 0);
  }

  private static AdaptiveLimit.Permit take(AdaptiveLimit limit, long tokens) throws Exception {
    return limit.acquire(NO_WAIT, tokens, () -> false);
  }

  private static ProviderFailure refused(AdaptiveLimit limit) {
    ProviderFailure[] failure = new ProviderFailure[1];
    assertThatExceptionOfType(ProviderFailure.class)
        .isThrownBy(() -> take(limit))
        .satisfies(thrown -> failure[0] = thrown);
    assertThat(failure[0].error().code()).isEqualTo(ErrorCode.RATE_LIMITED);
    return failure[0];
  }

  @Test
  void acquire_asManyAsAllowed_andAgainOnceOneIsOver() throws Exception {
    AdaptiveLimit limit = limit(2);
    AdaptiveLimit.Permit first = take(limit);
    take(limit);

    refused(limit);
    first.close();
    first.close();

    assertThat(limit.inFlight()).isEqualTo(1);
    take(limit);
    refused(limit);
  }

  @Test
  void refused_halvesOnceForCallsThatWereUnderWayTogether() throws Exception {
    AdaptiveLimit limit = limit(16);
    List<AdaptiveLimit.Permit> together = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      together.add(take(limit));
    }
    now.addAndGet(1000);
    together.forEach(permit -> permit.refused(Duration.ZERO));

    assertThat(limit.limit()).isEqualTo(8);
    now.addAndGet(1000);
    together.forEach(AdaptiveLimit.Permit::close);
    for (int i = 0; i < 10; i++) {
      now.addAndGet(1000);
      try (AdaptiveLimit.Permit later = take(limit)) {
        later.refused(Duration.ZERO);
      }
    }
    assertThat(limit.limit()).isEqualTo(1);
  }

  @Test
  void wentWell_growsByOneForEachRound_upToTheBound() throws Exception {
    AdaptiveLimit limit = limit(8);
    AdaptiveLimit.Permit permit = take(limit);
    now.addAndGet(1000);
    permit.refused(Duration.ZERO);
    assertThat(limit.limit()).isEqualTo(4);

    for (int i = 0; i < 5; i++) {
      permit.wentWell();
    }
    assertThat(limit.limit()).isEqualTo(5);
    for (int i = 0; i < 100; i++) {
      permit.wentWell();
    }
    assertThat(limit.limit()).isEqualTo(8);
  }

  @Test
  void acquire_whileAPauseIsWanted_isRefusedWithWhatIsLeftOfIt() throws Exception {
    AdaptiveLimit limit = limit(8);
    AdaptiveLimit.Permit permit = take(limit);
    permit.refused(Duration.ofSeconds(20));
    permit.refused(Duration.ofSeconds(3));
    now.addAndGet(Duration.ofSeconds(8).toNanos());

    assertThat(refused(limit).error().retryAfter()).contains(Duration.ofSeconds(12));
    now.addAndGet(Duration.ofSeconds(12).toNanos());
    take(limit);
  }

  @Test
  void acquire_beyondTheRate_waitsForTheNextToken() throws Exception {
    AdaptiveLimit limit = limit(100, OptionalDouble.of(10), 3);
    for (int i = 0; i < 3; i++) {
      take(limit);
    }
    refused(limit);
    now.addAndGet(Duration.ofMillis(99).toNanos());
    refused(limit);
    now.addAndGet(Duration.ofMillis(2).toNanos());
    take(limit);
    refused(limit);
    now.addAndGet(Duration.ofHours(1).toNanos());
    for (int i = 0; i < 3; i++) {
      take(limit);
    }
    refused(limit);
  }

  /** 600 a minute are 10 a second, and 100 at once. */
  @Test
  void acquire_beyondTheTokensOfAMinute_waitsForThem() throws Exception {
    AdaptiveLimit limit =
        new AdaptiveLimit(
            "p",
            new ProviderLimits(100, OptionalDouble.empty(), 1, OptionalLong.of(600), NO_WAIT, 1),
            now::get);
    take(limit, 60);
    refusedTokens(limit, 50);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    AdaptiveLimit.Permit second = take(limit, 50);
    refusedTokens(limit, 1);

    limit.used(-20);
    take(limit, 20);
    limit.used(30);
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    refusedTokens(limit, 1);
    second.unused();
    take(limit, 50);

    now.addAndGet(Duration.ofMinutes(10).toNanos());
    take(limit, 100_000);
    now.addAndGet(Duration.ofMinutes(60).toNanos());
    refusedTokens(limit, 1);
  }

  private static void refusedTokens(AdaptiveLimit limit, long tokens) {
    assertThatExceptionOfType(ProviderFailure.class)
        .isThrownBy(() -> take(limit, tokens))
        .satisfies(failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.RATE_LIMITED));
  }

  @Test
  void acquire_cancelled_isNoCall() {
    assertThatExceptionOfType(ProviderFailure.class)
        .isThrownBy(() -> limit(1).acquire(NO_WAIT, 0, () -> true))
        .satisfies(failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.CANCELLED));
  }
}
