package io.ratatoskr.retrieval;

import static io.ratatoskr.schemas.ErrorCode.EXPIRED;
import static io.ratatoskr.schemas.ErrorCode.WORKER_CRASHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class JudgeTest {
  private static final Duration HALF = Duration.ofMillis(500);
  private static final InferenceError CRASHED =
      InferenceError.workerCrashed(3, "every worker that ran it crashed");

  private final ManualTime time = new ManualTime();
  private final FakePipeline pipeline = new FakePipeline();

  private Judge judge(Duration timeout) {
    return new Judge(
        pipeline,
        "n",
        RequestOptions.defaults().withTimeout(timeout),
        Backoff.standard().withRandom(() -> 0),
        time);
  }

  private CompletableFuture<List<Judgement>> judged(String... texts) {
    return judge(Duration.ofMinutes(1))
        .judge("ash", candidates(Stream.of(texts)), new CompletableFuture<>());
  }

  private static List<Candidate> candidates(Stream<String> texts) {
    return texts.map(text -> new Candidate(text, text, 0.5)).toList();
  }

  /** Fails that many whole requests. */
  private void failing(int times, InferenceError error) {
    AtomicInteger left = new AtomicInteger(times);
    pipeline.failingNli(_ ->
        left.getAndDecrement() > 0
            ? Optional.of(new RequestFailedException(error))
            : Optional.empty());
  }

  private void awaitDelays(Duration... delays) {
    Awaitility.await().until(() -> time.delays().equals(List.of(delays)));
  }

  @Test
  void whatFailsForTheTimeBeing_isAskedAgainAfterAPause() {
    failing(1, InferenceError.overloaded("busy"));
    CompletableFuture<List<Judgement>> judged = judged("ash", "oak");

    time.advance(HALF.minusNanos(1));
    assertThat(pipeline.nliRequests()).hasSize(1);
    time.advance(Duration.ofNanos(1));

    assertThat(judged.join()).hasOnlyElementsOfType(Judgement.Judged.class).hasSize(2);
    assertThat(pipeline.nliRequests()).hasSize(2);
  }

  @Test
  void ofARecord_onlyThePairsThatFailedAreAskedAgain_andEachJudgementKeepsItsPlace() {
    AtomicInteger asked = new AtomicInteger();
    pipeline.failingPairs(pair ->
        switch (pair.premise()) {
          case "odd" -> Optional.of(InferenceError.invalidInput("odd"));
          case "not ash" ->
              asked.getAndIncrement() == 0
                  ? Optional.of(
                      new InferenceError(
                          ErrorCode.LOADING, "in a moment", Map.of("model", "n"), null))
                  : Optional.empty();
          default -> Optional.empty();
        });
    CompletableFuture<List<Judgement>> judged = judged("oak", "odd", "not ash", "ash");
    awaitDelays(HALF);
    time.advance(HALF);

    assertThat(judged.join())
        .satisfiesExactly(
            oak -> assertThat(entailment(oak)).isEqualTo(0.2),
            odd -> assertThat(odd).isInstanceOf(Judgement.Unjudged.class),
            denied -> assertThat(entailment(denied)).isEqualTo(0.05),
            ash -> assertThat(entailment(ash)).isEqualTo(0.9));
    assertThat(pipeline.nliRequests().getLast().pairs())
        .containsExactly(new NliRequest.Pair("not ash", "ash"));
  }

  private static double entailment(Judgement judgement) {
    return ((Judgement.Judged) judgement).entailment();
  }

  @Test
  void thePauseIsTheErrors_whereItIsLonger() {
    failing(
        1,
        new InferenceError(ErrorCode.RATE_LIMITED, "slow down", Map.of(), Duration.ofSeconds(5)));
    CompletableFuture<List<Judgement>> judged = judged("ash");

    assertThat(time.delays()).containsExactly(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    assertThat(judged.join()).hasOnlyElementsOfType(Judgement.Judged.class);
  }

  @Test
  void whatKeepsFailing_isGivenUpAfterFourTries() {
    InferenceError busy = InferenceError.overloaded("busy");
    failing(99, busy);
    CompletableFuture<List<Judgement>> judged = judged("ash");
    IntStream.range(0, 3).forEach(_ -> time.advance(Duration.ofSeconds(2)));

    assertThat(judged).isCompletedWithValue(List.of(new Judgement.Unjudged(busy)));
    assertThat(pipeline.nliRequests()).hasSize(4);
    assertThat(time.delays()).containsExactly(HALF, HALF.multipliedBy(2), HALF.multipliedBy(4));
  }

  @Test
  void nothingIsAskedAfterTheTimeout_andWhatIsAskedHasWhatIsLeftOfIt() {
    InferenceError busy = InferenceError.overloaded("busy");
    failing(99, busy);
    CompletableFuture<List<Judgement>> judged =
        judge(Duration.ofMillis(1400))
            .judge("ash", candidates(Stream.of("ash")), new CompletableFuture<>());
    time.advance(HALF);

    assertThat(judged).isCompletedWithValue(List.of(new Judgement.Unjudged(busy)));
    assertThat(pipeline.nliRequests())
        .extracting(request -> request.options().timeout())
        .containsExactly(Duration.ofMillis(1400), Duration.ofMillis(900));
  }

  /** Fails each request that asks about such a text. */
  private void crashingOn(String word) {
    pipeline.failingNli(request ->
        request.pairs().stream().anyMatch(pair -> pair.premise().contains(word))
            ? Optional.of(new RequestFailedException(CRASHED))
            : Optional.empty());
  }

  private static Stream<String> texts(int count, Integer... bad) {
    return IntStream.range(0, count)
        .mapToObj(i -> (List.of(bad).contains(i) ? "poison " : "ash ") + i);
  }

  @Test
  void ofARecordThatTakesWorkersDown_onlyTheOneCandidateStaysUnjudged() {
    crashingOn("poison");
    List<Judgement> judged = judged(texts(32, 19).toArray(String[]::new)).join();

    assertThat(judged).hasSize(32);
    assertThat(judged.get(19)).isEqualTo(new Judgement.Unjudged(CRASHED));
    assertThat(judged).filteredOn(Judgement.Judged.class::isInstance).hasSize(31);
    assertThat(pipeline.nliRequests()).hasSize(1 + 2 * 5);
    assertThat(time.delays()).isEmpty();
  }

  @Test
  void twoBadCandidates_areBothFound() {
    crashingOn("poison");
    List<Judgement> judged = judged(texts(32, 0, 31).toArray(String[]::new)).join();

    assertThat(judged).filteredOn(Judgement.Judged.class::isInstance).hasSize(30);
    assertThat(List.of(judged.getFirst(), judged.getLast()))
        .containsOnly(new Judgement.Unjudged(CRASHED));
  }

  @Test
  void aRecordThatFailsInEveryPart_isHalvedSoOftenOnly() {
    crashingOn("ash");
    List<Judgement> judged = judged(texts(32).toArray(String[]::new)).join();

    assertThat(judged).hasSize(32).containsOnly(new Judgement.Unjudged(CRASHED));
    assertThat(pipeline.nliRequests()).hasSize(1 + 2 * Judge.HALVINGS);
  }

  @Test
  void whatNoCandidateIsToBlameFor_isNotHalved() {
    InferenceError unknown = InferenceError.modelNotFound("n", "no worker knows it");
    failing(99, unknown);

    assertThat(judged("ash", "oak").join()).containsOnly(new Judgement.Unjudged(unknown));
    assertThat(pipeline.nliRequests()).hasSize(1);
  }

  @Test
  void afterTheTimeout_nothingIsHalved() {
    pipeline.failingNli(_ -> {
      time.advance(Duration.ofSeconds(40));
      return Optional.of(new RequestFailedException(CRASHED));
    });

    assertThat(judged("ash", "oak", "elm", "fir").join())
        .extracting(judgement -> ((Judgement.Unjudged) judgement).error().code())
        .containsExactly(WORKER_CRASHED, WORKER_CRASHED, EXPIRED, EXPIRED);
    assertThat(pipeline.nliRequests())
        .extracting(request -> request.options().timeout())
        .containsExactly(Duration.ofMinutes(1), Duration.ofSeconds(20));
  }

  @Test
  void whatIsNotTransient_isAskedOnce() {
    failing(99, CRASHED);

    assertThat(judged("ash")).isCompletedWithValue(List.of(new Judgement.Unjudged(CRASHED)));
    assertThat(pipeline.nliRequests()).hasSize(1);
    assertThat(time.delays()).isEmpty();
  }

  @Test
  void whatNobodyWaitsForAnyMore_isNotAskedAgain() {
    failing(1, InferenceError.overloaded("busy"));
    CompletableFuture<Void> wanted = new CompletableFuture<>();
    CompletableFuture<List<Judgement>> judged =
        judge(Duration.ofMinutes(1)).judge("ash", candidates(Stream.of("ash")), wanted);
    wanted.cancel(false);
    time.advance(HALF);

    assertThatThrownBy(judged::join).hasRootCauseInstanceOf(CancellationException.class);
    assertThat(pipeline.nliRequests()).hasSize(1);
  }

  @Test
  void recordsAboveTheBound_wait_andExpireWhereTheirTurnComesTooLate() {
    int records = Judge.RECORDS + 3;
    CompletableFuture<Void> gate = new CompletableFuture<>();
    pipeline.holdNli(gate);
    CompletableFuture<List<Judgement>> judged =
        judge(Duration.ofMinutes(1))
            .judge(
                "ash",
                candidates(IntStream.range(0, 32 * records).mapToObj(i -> "ash " + i)),
                new CompletableFuture<>());
    assertThat(pipeline.nliRequests()).hasSize(Judge.RECORDS);

    time.advance(Duration.ofMinutes(1));
    gate.complete(null);

    List<Judgement> all = judged.join();
    assertThat(all.subList(0, 32 * Judge.RECORDS)).hasOnlyElementsOfType(Judgement.Judged.class);
    assertThat(all.subList(32 * Judge.RECORDS, all.size()))
        .hasSize(3 * 32)
        .allSatisfy(late ->
            assertThat(late)
                .isInstanceOfSatisfying(
                    Judgement.Unjudged.class,
                    unjudged -> assertThat(unjudged.error().code()).isEqualTo(EXPIRED)));
    assertThat(pipeline.nliRequests()).hasSize(Judge.RECORDS);
  }
}
