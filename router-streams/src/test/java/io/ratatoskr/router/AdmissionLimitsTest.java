package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.settings.InvalidSettingException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests beyond a limit are refused before they become work. */
class AdmissionLimitsTest {
  /** Of two partitions the rig has one, so half of it. */
  private static final Map<String, String> FOUR = Map.of("limits.tenant-in-flight", "4");

  private static final Duration TICK = Duration.ofMillis(200);

  private static AdmissionLimits limits(int acme, int others) {
    return new AdmissionLimits(Map.of("acme", acme), others, Duration.ofSeconds(20), Duration.ZERO);
  }

  private static Request of(int number, String tenant) {
    return Request.of(number, "text " + number).ofTenant(tenant);
  }

  private static Rig rig(Map<String, String> settings) {
    Rig rig = new Rig(settings);
    rig.pass(TICK); // its flights are counted
    return rig;
  }

  @ParameterizedTest
  @CsvSource({
    // most, open, tasks, partitions, refused
    "10,  9, 12, 12, false",
    "10, 10, 12, 12, true",
    "10,  4,  6, 12, false",
    "10,  5,  6, 12, true",
    "10,  3,  5, 12, false", // rounded up to 5
    "10,  5,  5, 12, true",
    " 1,  0,  1, 12, false", // one at least
    " 1,  1,  1, 12, true",
    " 0, 99,  1, 12, false", // no limit
  })
  void cap_isDividedByThePartitionsThatAProcessHas(
      int most, int open, int tasks, int partitions, boolean refused) {
    InferenceError error = limits(most, 0).overCap("acme", open, tasks, partitions);
    assertThat(error != null).isEqualTo(refused);
    if (error != null) {
      assertThat(error.isTransient()).isTrue();
      assertThat(error.retryAfter()).contains(Duration.ofSeconds(1));
    }
  }

  @Test
  void tenantsOwnLimit_goesBeforeThatOfAll_andBulkHasNone() {
    assertThat(limits(0, 5).limits(Lane.INTERACTIVE, "acme")).isFalse();
    assertThat(limits(0, 5).limits(Lane.INTERACTIVE, "other")).isTrue();
    assertThat(limits(5, 0).limits(Lane.INTERACTIVE, "other")).isFalse();
    assertThat(limits(5, 0).limits(Lane.BULK, "acme")).isFalse();
  }

  @Test
  void overload_isToldFromTheFirstMillisecondBeyondTheLimit() {
    AdmissionLimits limits = limits(0, 0);
    OptionalLong since = OptionalLong.of(1_000);
    assertThat(limits.overload(Lane.INTERACTIVE, "p", since, 21_000)).isNull();
    InferenceError error =
        Objects.requireNonNull(limits.overload(Lane.INTERACTIVE, "p", since, 21_001));
    assertThat(error.retryAfter()).contains(Duration.ofSeconds(2));
    assertThat(limits.overload(Lane.INTERACTIVE, "p", OptionalLong.empty(), 99_999)).isNull();
    assertThat(limits.overload(Lane.BULK, "p", since, Long.MAX_VALUE)).isNull();
  }

  @Test
  void tenantWithoutAName_isRefused() {
    assertThatThrownBy(() -> new AdmissionLimits(Map.of("", 1), 0, Duration.ZERO, Duration.ZERO))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("tenants.name");
  }

  @Test
  void tenantOverItsCap_isToldWhenToAskAgain_andMayWhenOneIsAnswered() {
    try (Rig rig = rig(FOUR)) {
      rig.send(of(1, "acme"));
      rig.send(of(2, "acme"));
      WorkItem first = rig.work().getFirst();
      rig.send(of(3, "acme"));

      List<Told> told = rig.replies();
      assertThat(told).extracting(Told::outcome).containsExactly("RateLimited");
      assertThat(told.getFirst().error().getRetryAfterMs()).isEqualTo(1_000);
      assertThat(rig.work()).isEmpty();
      rig.send(of(4, "other"));
      rig.send(of(5, "acme").bulk());
      assertThat(rig.work()).hasSize(2);

      rig.report(of(1, "acme"), first, Requests.answered("v"));
      rig.send(of(6, "acme"));
      assertThat(rig.work()).hasSize(1);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void requestThatJoins_isNotLimited() {
    try (Rig rig = rig(FOUR)) {
      for (int i = 1; i <= 6; i++) {
        rig.send(Request.of(i, "same").cached().ofTenant("acme"));
      }
      assertThat(rig.work()).hasSize(1);
      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void cancelledAndExpiredRequests_makeRoom() {
    try (Rig rig = rig(FOUR)) {
      rig.send(of(1, "acme").within(Duration.ofSeconds(5)));
      rig.send(of(2, "acme"));
      rig.cancel(of(2, "acme"));
      rig.pass(Duration.ofSeconds(6));
      rig.replies();
      rig.work();

      rig.send(of(3, "acme"));
      rig.send(of(4, "acme"));
      assertThat(rig.work()).hasSize(2);
      rig.send(of(5, "acme"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("RateLimited");
    }
  }

  @Test
  void countSurvivesARestart_andReplays() {
    try (Rig rig = rig(FOUR)) {
      rig.send(of(1, "acme").within(Duration.ofMinutes(2)));
      rig.send(of(2, "acme").within(Duration.ofMinutes(2)));
      rig.crash();
      rig.send(of(1, "acme").within(Duration.ofMinutes(2)));
      rig.send(of(2, "acme").within(Duration.ofMinutes(2)));
      List<WorkItem> work = rig.work();
      rig.pass(TICK);

      rig.send(of(3, "acme"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("RateLimited");
      for (WorkItem item : work) {
        Request of = of((int) item.getSource().getOffset() + 1, "acme");
        rig.report(of.within(Duration.ofMinutes(2)), item, Requests.answered("v"));
      }
      rig.replies();
      rig.send(of(4, "acme"));
      rig.send(of(5, "acme"));
      assertThat(rig.work()).hasSize(2);
    }
  }

  @Test
  void poolWhoseWorkWaitsTooLong_getsNoMore_untilSomebodyTakesIt() {
    try (Rig rig = rig(Map.of("limits.interactive-wait", "20s"))) {
      Request patient = of(1, "acme").within(Duration.ofMinutes(5));
      rig.send(patient);
      WorkItem work = rig.work().getFirst();
      rig.pass(Duration.ofSeconds(19));
      rig.send(of(2, "acme").within(Duration.ofMinutes(5)));
      WorkItem second = rig.work().getFirst();
      rig.pass(Duration.ofSeconds(2));

      rig.send(of(3, "acme"));
      List<Told> told = rig.replies();
      assertThat(told).extracting(Told::outcome).containsExactly("Overloaded");
      assertThat(told.getFirst().error().getRetryAfterMs()).isEqualTo(2_000);
      assertThat(rig.work()).isEmpty();

      rig.report(patient, work, Requests.answered("v"));
      rig.send(of(4, "acme"));
      assertThat(rig.work()).hasSize(1);
      rig.report(of(2, "acme").within(Duration.ofMinutes(5)), second, Requests.started());
    }
  }
}
