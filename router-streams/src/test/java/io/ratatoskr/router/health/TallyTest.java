package io.ratatoskr.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.TokenUsage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TallyTest {
  private static final ModelOfPool MODEL = new ModelOfPool("openai", "gpt");
  private static final long NOW = 5_000_000;

  private HealthSnapshot health = HealthSnapshot.UNKNOWN;
  private final Tally tally = new Tally("a", () -> health);

  private static Answered answer(long executionMs, long firstTokenMs, long tokens) {
    return new Answered(
        ByteBuffer.allocate(0),
        Provenance.newBuilder().build(),
        new Timings(0L, executionMs),
        firstTokenMs,
        TokenUsage.newBuilder().setCompletionTokens(tokens).build());
  }

  private void halfOpen(long sinceMs, int permits) {
    Standing standing =
        new Standing(Circuit.HALF_OPEN, sinceMs, 0, 0, 1, 0, 0, 0, Map.of("a", permits));
    health = new HealthSnapshot(Map.of(MODEL, standing));
  }

  private OutcomeReport report() {
    return Objects.requireNonNull(tally.drain().get(MODEL));
  }

  static Stream<Arguments> errors() {
    InferenceError busy = InferenceError.rateLimited("later");
    return Stream.of(
        Arguments.of(InferenceError.http("broken"), 1, 0, 0),
        Arguments.of(InferenceError.api(500, "broken"), 1, 0, 0),
        Arguments.of(InferenceError.api(400, "bad"), 0, 1, 0),
        Arguments.of(InferenceError.llm(true, "broken"), 1, 0, 0),
        Arguments.of(InferenceError.llm(false, "broken"), 0, 1, 0),
        Arguments.of(InferenceError.authenticationFailed("no"), 0, 1, 0),
        Arguments.of(InferenceError.modelNotAvailable("gpt", "no"), 1, 0, 0),
        Arguments.of(InferenceError.invalidInput("bad"), 0, 1, 0),
        Arguments.of(InferenceError.unsupportedParameter("seed", "gpt", "x", "no"), 0, 1, 0),
        Arguments.of(InferenceError.cancelled("no"), 0, 1, 0),
        Arguments.of(busy, 0, 1, NOW + 1_000),
        Arguments.of(busy.after(Duration.ofSeconds(20)), 0, 1, NOW + 20_000));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void faultsOfTheCandidateAloneCount(
      InferenceError error, int failures, int others, long notBeforeMs) {
    tally.failed(MODEL, NOW, error, NOW);
    OutcomeReport report = report();
    assertThat(report.failures()).isEqualTo(failures);
    assertThat(report.trailingFailures()).isEqualTo(failures);
    assertThat(report.others()).isEqualTo(others);
    assertThat(report.notBeforeMs()).isEqualTo(notBeforeMs);
  }

  @Test
  void answersAreCountedAndMeasured() {
    tally.lost(MODEL, NOW);
    tally.answered(MODEL, NOW, answer(100, 0, 0));
    tally.answered(MODEL, NOW, answer(300, 50, 60));
    tally.lost(MODEL, NOW);
    OutcomeReport report = report();
    assertThat(report.successes()).isEqualTo(2);
    assertThat(report.failures()).isEqualTo(2);
    assertThat(report.trailingFailures()).isEqualTo(1);
    assertThat(report.execution()).isEqualTo(new Sample(2, 200));
    assertThat(report.firstToken()).isEqualTo(new Sample(1, 50));
    assertThat(report.tokensPerSecond()).isEqualTo(new Sample(1, 200));
    assertThat(tally.drain()).isEmpty();
  }

  @Test
  void reportSurvivesTheWire() {
    tally.answered(MODEL, NOW, answer(300, 50, 60));
    OutcomeReport report = report();
    assertThat(OutcomeReport.ofWire(report.toWire("a"))).isEqualTo(report);
  }

  @Test
  void attemptsOfAnEarlierStateAreMeasuredAndNotCounted() {
    halfOpen(NOW, 0);
    tally.lost(MODEL, NOW - 2_000);
    tally.answered(MODEL, NOW - 2_000, answer(100, 0, 0));
    tally.lost(MODEL, NOW - 900); // the clocks may differ by so much
    OutcomeReport report = report();
    assertThat(report.sinceMs()).isEqualTo(NOW);
    assertThat(report.successes()).isZero();
    assertThat(report.failures()).isEqualTo(1);
    assertThat(report.execution().count()).isEqualTo(1);
  }

  @Test
  void permitsAreUsedOnceAndAskedForWhereMissing() {
    halfOpen(NOW, 1);
    TaskProbes one = new TaskProbes(tally);
    TaskProbes two = new TaskProbes(tally);
    assertThat(one.test("openai", "gpt")).isTrue();
    assertThat(one.test("openai", "gpt")).as("asked again for one event").isTrue();
    assertThat(two.test("openai", "gpt")).isFalse();
    one.dispatched("openai", "gpt");
    one.over();
    OutcomeReport report = report();
    assertThat(report.probesSent()).isEqualTo(1);
    assertThat(report.probesWanted()).isEqualTo(1);

    assertThat(one.test("openai", "gpt")).isFalse();
    halfOpen(NOW, 2);
    assertThat(one.test("openai", "gpt")).isTrue();
    halfOpen(NOW + 60_000, 1);
    one.over();
    assertThat(two.test("openai", "gpt")).as("another time half open").isTrue();
  }

  @Test
  void permitThatIsNotUsedIsGivenBack() {
    halfOpen(NOW, 1);
    TaskProbes one = new TaskProbes(tally);
    assertThat(one.test("openai", "gpt")).isTrue();
    one.over();
    assertThat(tally.drain()).isEmpty();
    assertThat(one.test("openai", "gpt")).isTrue();
  }

  @Test
  void circuitThatIsNotHalfOpenTakesNoProbes() {
    assertThat(new TaskProbes(tally).test("openai", "gpt")).isFalse();
    assertThat(tally.drain()).isEmpty();
  }
}
