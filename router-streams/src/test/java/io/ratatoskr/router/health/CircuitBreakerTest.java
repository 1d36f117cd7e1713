package io.ratatoskr.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {
  private static final CircuitSettings SETTINGS =
      new CircuitSettings(3, 50, 10, Duration.ofSeconds(60), Duration.ofSeconds(30), 3, 3);

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS);
  private long now = 1_000_000;

  private static OutcomeReport report(Standing standing, int successes, int failures, int sent) {
    return report(standing, successes, failures, failures, 0, 0, sent, 0);
  }

  private static OutcomeReport report(
      Standing standing,
      int successes,
      int failures,
      int trailing,
      int others,
      long notBeforeMs,
      int sent,
      int wanted) {
    return new OutcomeReport(
        successes,
        failures,
        trailing,
        others,
        notBeforeMs,
        standing.sinceMs(),
        sent,
        wanted,
        Sample.NONE,
        Sample.NONE,
        Sample.NONE);
  }

  /** Plays a script such as {@code F F S 60s F}: F fails, S succeeds, 1s passes a second. */
  private void play(String script) {
    for (String step : BLANKS.split(script.strip(), -1)) {
      now += 250;
      switch (step) {
        case "F" -> breaker.report("a", report(breaker.standing(), 0, 1, 0), now);
        case "S" -> breaker.report("a", report(breaker.standing(), 1, 0, 0), now);
        case "O" -> breaker.report("a", report(breaker.standing(), 0, 0, 0, 1, 0, 0, 0), now);
        default -> {
          now += Duration.parse("PT" + step).toMillis();
          breaker.tick(now);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "S, CLOSED",
    "F, CLOSED",
    "F F, DEGRADED",
    "F F F, OPEN",
    "F F S F, DEGRADED",
    "F F S S S S S S S S S S S S S S, CLOSED",
    "F F O F, OPEN",
    "F F 61S, CLOSED",
    "F F 61S F, CLOSED",
    "F F F 29S, OPEN",
    "F F F 30S, HALF_OPEN",
    "F F F 30S S S, HALF_OPEN",
    "F F F 30S S S S, CLOSED",
    "F F F 30S S F, OPEN",
    "F F F 30S F 29S, OPEN",
    "F F F 30S F 30S, HALF_OPEN",
    "F F F 30S S S S F F, DEGRADED",
    "F F F 30S S S S F F F, OPEN",
    "F F F S S S S, OPEN",
  })
  void circuitFollowsTheOutcomes(String script, Circuit expected) {
    play(script);
    assertThat(breaker.standing().circuit()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // successes and failures in each report of a busy pool
    "90, 10, 0, 20, CLOSED",
    "80, 20, 0, 20, DEGRADED",
    "45, 55, 0, 20, OPEN",
    "10, 90, 90, 1, OPEN",
  })
  void busyPoolIsJudgedByShares(
      int successes, int failures, int trailing, int reports, Circuit expected) {
    for (int i = 0; i < reports; i++) {
      now += 250;
      breaker.report(
          "a", report(breaker.standing(), successes, failures, trailing, 0, 0, 0, 0), now);
    }
    assertThat(breaker.standing().circuit()).isEqualTo(expected);
  }

  @Test
  void openCircuitSaysWhenItRecovers() {
    play("F F F");
    assertThat(breaker.standing().recoversMs()).isEqualTo(now + 30_000);
    assertThat(breaker.standing().askableMs()).isEqualTo(now + 30_000);
    play("30S");
    assertThat(breaker.standing().recoversMs()).isZero();
  }

  @Test
  void rateLimitOpensNothingAndSetsATime() {
    breaker.report("a", report(breaker.standing(), 0, 0, 0, 5, now + 9_000, 0, 0), now);
    breaker.report("b", report(breaker.standing(), 0, 0, 0, 5, now + 4_000, 0, 0), now);
    assertThat(breaker.standing().circuit()).isEqualTo(Circuit.CLOSED);
    assertThat(breaker.standing().notBeforeMs()).isEqualTo(now + 9_000);
  }

  @Test
  void whatWasUnderWayBeforeTheCircuitOpenedDoesNotFailItsProbes() {
    Standing before = breaker.standing();
    play("F F F 30S");
    breaker.report("a", report(before, 0, 5, 0), now);
    assertThat(breaker.standing().circuit()).isEqualTo(Circuit.HALF_OPEN);
  }

  @Test
  void permitsGoToWhoReportedLastAndThenToWhoeverWantsOne() {
    play("F F");
    breaker.report("b", report(breaker.standing(), 0, 1, 0), now);
    play("30S");
    assertThat(breaker.standing().probes()).isEqualTo(Map.of("a", 1, "b", 2));

    // One is on its way, so two of the three are left, and c wants one.
    breaker.report("b", report(breaker.standing(), 0, 0, 0, 0, 0, 1, 0), now);
    breaker.report("c", report(breaker.standing(), 0, 0, 0, 0, 0, 0, 1), now);
    assertThat(breaker.standing().probes()).isEqualTo(Map.of("a", 1, "b", 2));
    now += ProbeLedger.UNUSED_MS;
    breaker.tick(now);
    assertThat(breaker.standing().probes()).isEqualTo(Map.of("a", 0, "b", 1));
    now += ProbeLedger.TAKEN_BACK_MS;
    breaker.tick(now);
    assertThat(breaker.standing().probes()).containsEntry("c", 2);
    assertThat(total(breaker.standing())).isEqualTo(3);
  }

  @Test
  void probeThatSaysNothingIsFollowedByAnother() {
    play("F F F 30S");
    breaker.report("a", report(breaker.standing(), 0, 0, 0, 3, 0, 3, 0), now);
    assertThat(breaker.standing().circuit()).isEqualTo(Circuit.HALF_OPEN);
    assertThat(total(breaker.standing())).isEqualTo(6);
  }

  @Test
  void probesThatAreNeverHeardOfAreGivenUp() {
    play("F F F 30S");
    breaker.report("a", report(breaker.standing(), 0, 0, 0, 0, 0, 3, 0), now);
    assertThat(total(breaker.standing())).isEqualTo(3);
    play("31S");
    assertThat(total(breaker.standing())).isEqualTo(6);
  }

  @Test
  void nextOwnerGoesOnFromWhatWasTold() {
    play("F F F");
    Standing told = breaker.standing();
    CircuitBreaker next = CircuitBreaker.resumed(SETTINGS, told, now);
    assertThat(next.standing()).isEqualTo(told);
    next.tick(now + 30_000);
    assertThat(next.standing().circuit()).isEqualTo(Circuit.HALF_OPEN);

    CircuitBreaker afterThat = CircuitBreaker.resumed(SETTINGS, next.standing(), now + 31_000);
    afterThat.tick(now + 31_000);
    assertThat(afterThat.standing().circuit()).isEqualTo(Circuit.HALF_OPEN);
    assertThat(afterThat.standing().sinceMs()).isGreaterThan(next.standing().sinceMs());
    assertThat(afterThat.standing().probes()).isEmpty();
  }

  private static int total(Standing standing) {
    return standing.probes().values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * A step of a router: it hears how the circuit stands, sends the probes that it may, has some of
   * those under way end, and reports.
   */
  record Step(int router, int sends, int succeed, int fail, int says, boolean wants, int passMs) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 2),
            Arbitraries.frequency(Tuple.of(9, 0), Tuple.of(1, 1)),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of(true, false),
            Arbitraries.of(0, 100, 250, 1_000, 2_000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500)
  void neverMoreProbesUnderWayThanAllowed(@ForAll("steps") List<Step> steps) {
    play("F F F");
    now += 30_000;
    breaker.tick(now);
    Map<String, Integer> sent = new HashMap<>();
    int underWay = 0;
    long since = breaker.standing().sinceMs();
    for (Step step : steps) {
      now += step.passMs();
      breaker.tick(now);
      Standing heard = breaker.standing();
      if (heard.circuit() != Circuit.HALF_OPEN || heard.sinceMs() != since) {
        return;
      }
      String router = "r" + step.router();
      int may = heard.probes().getOrDefault(router, 0) - sent.getOrDefault(router, 0);
      int sends = Math.max(0, Math.min(may, step.sends()));
      sent.merge(router, sends, Integer::sum);
      underWay += sends;
      assertThat(underWay).isLessThanOrEqualTo(SETTINGS.probes());
      int succeed = Math.min(step.succeed(), underWay);
      int fail = Math.min(step.fail(), underWay - succeed);
      int others = Math.min(step.says(), underWay - succeed - fail);
      underWay -= succeed + fail + others;
      breaker.report(
          router,
          report(
              heard,
              succeed,
              fail,
              fail,
              others,
              0,
              sent.getOrDefault(router, 0),
              step.wants() ? 1 : 0),
          now);
    }
  }
}
