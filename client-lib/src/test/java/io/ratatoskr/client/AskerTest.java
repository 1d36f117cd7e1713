package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AskerTest {
  private static final Duration HALF = Duration.ofMillis(500);
  private static final InferenceError BUSY = InferenceError.overloaded("busy");
  private static final InferenceError BAD = InferenceError.invalidInput("bad");

  private final ManualTime time = new ManualTime();
  private final Numbers job = new Numbers();
  private final Asker<Integer, String> asker =
      new Asker<>(job, 2, Backoff.standard().withRandom(() -> 0), time);

  /** Time that passes when told to; it overflows soon, as the machine's may. */
  private static final class ManualTime implements Time {
    private final List<Due> due = new ArrayList<>();
    private long now = Long.MAX_VALUE - 7;

    private record Due(long nanos, Runnable task) {}

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void after(Duration delay, Runnable task) {
      due.add(new Due(now + delay.toNanos(), task));
    }

    void advance(Duration by) {
      now += by.toNanos();
      List<Due> reached = due.stream().filter(one -> one.nanos - now <= 0).toList();
      due.removeAll(reached);
      reached.forEach(one -> one.task.run());
    }
  }

  /** Asks about numbers; whoever tests answers, or has them answered by a script. */
  private static final class Numbers implements Asker.Job<Integer, String> {
    private final List<List<Integer>> asked = new ArrayList<>();
    private final List<CompletableFuture<List<Outcome<String>>>> replies = new ArrayList<>();
    private final List<Asker.Failure> failures = new ArrayList<>();
    private final Map<Integer, Object> outcomes = new HashMap<>();
    private Function<List<Integer>, CompletableFuture<List<Outcome<String>>>> script =
        _ -> new CompletableFuture<>();
    private Function<Asker.Failure, Verdict> verdict = _ -> new Verdict.Again();
    private int halvings = Integer.MAX_VALUE;

    @Override
    public CompletableFuture<List<Outcome<String>>> ask(List<Integer> items) {
      asked.add(items);
      CompletableFuture<List<Outcome<String>>> reply = script.apply(items);
      replies.add(reply);
      return reply;
    }

    @Override
    public Verdict verdict(List<Integer> items, Asker.Failure failure) {
      failures.add(failure);
      return verdict.apply(failure);
    }

    @Override
    public int halvings() {
      return halvings;
    }

    @Override
    public void settled(List<Integer> items, List<Outcome<String>> theirs) {
      for (int i = 0; i < items.size(); i++) {
        put(
            items.get(i),
            switch (theirs.get(i)) {
              case Outcome.Answered<String> answered -> answered.answer();
              case Outcome.Failed<String> failed -> failed.error();
            });
      }
    }

    @Override
    public void lost(List<Integer> items, Throwable reason) {
      items.forEach(item -> put(item, reason));
    }

    private void put(Integer item, Object outcome) {
      assertThat(outcomes.put(item, outcome)).as("second outcome of %d", item).isNull();
    }

    void reply(int request) {
      replies.get(request).complete(answers(asked.get(request)));
    }

    void fail(int request, InferenceError error) {
      replies.get(request).completeExceptionally(new RequestFailedException(error));
    }
  }

  private static List<Outcome<String>> answers(List<Integer> items) {
    return items.stream()
        .<Outcome<String>>map(item -> new Outcome.Answered<>("answer " + item))
        .toList();
  }

  private static CompletableFuture<List<Outcome<String>>> failed(InferenceError error) {
    return CompletableFuture.failedFuture(new RequestFailedException(error));
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void noMoreRequestsAreInFlightThanThereArePlaces_theOthersGoInTheirOrder() {
    IntStream.range(0, 4).forEach(i -> asker.add(List.of(i, 10 + i)));

    assertThat(job.asked).containsExactly(List.of(0, 10), List.of(1, 11));
    assertThat(asker.inFlight()).isEqualTo(2);
    assertThat(asker.isHungry()).isFalse();
    job.reply(1);
    assertThat(job.outcomes).isEqualTo(Map.of(1, "answer 1", 11, "answer 11"));
    assertThat(job.asked).hasSize(3).endsWith(List.of(2, 12));
    job.reply(0);
    job.reply(2);
    assertThat(job.asked).hasSize(4).endsWith(List.of(3, 13));
    assertThat(asker.isHungry()).isTrue();
    job.reply(3);
    assertThat(job.outcomes).hasSize(8);
    assertThat(asker.inFlight()).isZero();
  }

  @Test
  void whatFailsForTheTimeBeing_isAskedAgainAfterThePause_beforeOthers() {
    IntStream.range(0, 4).forEach(i -> asker.add(List.of(i)));
    job.fail(0, BUSY);
    assertThat(job.asked).endsWith(List.of(2));

    time.advance(HALF.minusNanos(1));
    job.reply(1);
    assertThat(job.asked).endsWith(List.of(3));
    asker.add(List.of(4));
    time.advance(Duration.ofNanos(1));
    job.reply(2);

    assertThat(job.asked).hasSize(5).endsWith(List.of(0));
    assertThat(job.outcomes).containsOnlyKeys(1, 2);
  }

  @Test
  void ofAReply_onlyTheItemsThatFailedForTheTimeBeingAreAskedAgain() {
    asker.add(numbers(4));
    job.replies
        .getFirst()
        .complete(
            List.of(
                new Outcome.Answered<>("answer 0"),
                new Outcome.Failed<>(BUSY),
                new Outcome.Failed<>(BAD),
                new Outcome.Failed<>(
                    new InferenceError(
                        ErrorCode.RATE_LIMITED, "slow down", Map.of(), Duration.ofSeconds(5)))));

    assertThat(job.outcomes).isEqualTo(Map.of(0, "answer 0", 2, BAD));
    assertThat(job.failures)
        .containsExactly(new Asker.Failure(BUSY, 1, Duration.ZERO, false, Duration.ofSeconds(5)));
    time.advance(Duration.ofSeconds(5));
    assertThat(job.asked).endsWith(List.of(1, 3));
    job.reply(1);
    assertThat(job.outcomes).hasSize(4).containsEntry(3, "answer 3");
  }

  @Test
  void aFailureSaysHowOftenHowLongAndWhetherOthersWereSettledSince() {
    asker.add(List.of(0));
    job.fail(0, BUSY);
    time.advance(HALF);
    job.fail(1, BUSY);
    asker.add(List.of(1));
    time.advance(Duration.ofSeconds(1));
    job.reply(2);
    job.fail(3, BUSY);

    assertThat(job.failures)
        .containsExactly(
            new Asker.Failure(BUSY, 1, Duration.ZERO, false, HALF),
            new Asker.Failure(BUSY, 2, HALF, false, HALF.multipliedBy(2)),
            new Asker.Failure(BUSY, 3, HALF.multipliedBy(3), true, HALF.multipliedBy(4)));
  }

  @Test
  void whatWasSettledBefore_isNotCountedForWhatFailsLater() {
    asker.add(List.of(0));
    asker.add(List.of(1));
    job.reply(0);
    time.advance(HALF);
    job.fail(1, BUSY);

    assertThat(job.failures.getFirst().othersSettled()).isFalse();
  }

  @Test
  void whatIsGivenUp_hasItsOwnErrorAsItsOutcome() {
    InferenceError unreachable = InferenceError.http("no way there");
    job.verdict = _ -> new Verdict.GiveUp();
    asker.add(numbers(2));
    job.replies
        .getFirst()
        .complete(List.of(new Outcome.Failed<>(BUSY), new Outcome.Failed<>(unreachable)));

    assertThat(job.outcomes).isEqualTo(Map.of(0, BUSY, 1, unreachable));
  }

  /** Every request that holds such a number fails. */
  private void failingOn(Set<Integer> bad) {
    job.verdict = _ -> new Verdict.Split();
    job.script =
        items ->
            Collections.disjoint(items, bad)
                ? CompletableFuture.completedFuture(answers(items))
                : failed(BAD);
  }

  @Test
  void ofABatchThatFails_theHalvesAreAsked_untilTheBadItemStandsAlone() {
    failingOn(Set.of(19));
    asker.add(numbers(32));

    assertThat(job.outcomes).hasSize(32).containsEntry(19, BAD);
    assertThat(job.outcomes.values()).filteredOn(String.class::isInstance).hasSize(31);
    assertThat(job.asked).hasSize(1 + 2 * 5);
    assertThat(job.asked.subList(1, 3)).containsExactly(numbers(16), numbers(32).subList(16, 32));
  }

  @Test
  void aBatchIsHalvedSoOftenOnly_allItsPartsTogether() {
    job.halvings = 10;
    failingOn(Set.copyOf(numbers(64)));
    asker.add(numbers(32));
    asker.add(numbers(64).subList(32, 64));

    assertThat(job.outcomes).hasSize(64).containsValue(BAD);
    assertThat(job.asked).hasSize(2 * (1 + 2 * 10));
  }

  @Test
  void aHalf_hasNotFailedYet() {
    job.verdict = failure -> failure.tries() < 3 ? new Verdict.Again() : new Verdict.Split();
    job.script = _ -> failed(BUSY);
    asker.add(numbers(2));
    for (int i = 0; i < 5; i++) {
      time.advance(Duration.ofMinutes(1));
    }

    assertThat(job.outcomes).isEqualTo(Map.of(0, BUSY, 1, BUSY));
    assertThat(job.asked).hasSize(3 * 3);
    assertThat(job.failures.get(3))
        .isEqualTo(new Asker.Failure(BUSY, 1, Duration.ZERO, false, HALF));
  }

  @Test
  void whereAJobStops_theItemsAreLost_andOthersAreStillAskedAbout() {
    IllegalStateException reason = new IllegalStateException("enough");
    job.verdict = _ -> new Verdict.Stop(reason);
    IntStream.range(0, 3).forEach(i -> asker.add(List.of(i)));
    job.fail(0, BUSY);
    job.reply(2);

    assertThat(job.outcomes).isEqualTo(Map.of(0, reason, 2, "answer 2"));
  }

  @Test
  void whatFailsOtherwiseThanByAnError_isLost() {
    ClientClosedException closed = new ClientClosedException();
    IllegalArgumentException refused = new IllegalArgumentException("no such request");
    AtomicInteger requests = new AtomicInteger();
    job.script =
        items ->
            switch (requests.getAndIncrement()) {
              case 0 ->
                  CompletableFuture.<List<Outcome<String>>>failedFuture(closed)
                      .thenApply(Function.identity());
              case 1 -> throw refused;
              case 2 -> CompletableFuture.completedFuture(answers(List.of(1, 2)));
              default -> CompletableFuture.completedFuture(answers(items));
            };
    IntStream.range(0, 4).forEach(i -> asker.add(List.of(i)));

    assertThat(job.outcomes)
        .containsEntry(0, closed)
        .containsEntry(1, refused)
        .containsEntry(3, "answer 3");
    assertThat((Throwable) job.outcomes.get(2))
        .hasMessageContaining("answered 2 items to 1; check that all its parts are of the same");
    assertThat(job.failures).isEmpty();
  }

  @Test
  void afterItsEnd_nothingIsAskedOrHandedOver() {
    IntStream.range(0, 4).forEach(i -> asker.add(List.of(i)));
    job.fail(0, BUSY);
    asker.close();
    time.advance(HALF);
    asker.add(List.of(5));

    assertThat(job.asked).hasSize(3);
    assertThat(job.replies.get(1)).isCancelled();
    assertThat(job.replies.get(2)).isCancelled();
    assertThat(job.outcomes).isEmpty();
    assertThat(asker.inFlight()).isZero();
  }

  @Test
  void requestsThatEndAtOnce_doNotNest() {
    asker.add(List.of(-1));
    asker.add(List.of(-2));
    job.script = items -> CompletableFuture.completedFuture(answers(items));
    IntStream.range(0, 100_000).forEach(i -> asker.add(List.of(i)));

    job.reply(0);

    assertThat(job.outcomes).hasSize(100_001);
  }

  @Test
  void itNeedsAPlace() {
    assertThatThrownBy(() -> new Asker<>(job, 0, Backoff.standard(), time))
        .hasMessage("places: 1 or more, not 0");
  }

  @Test
  void outcomesOfAReply_cancelled_cancelTheRequest() {
    CompletableFuture<String> reply = new CompletableFuture<>();
    CompletableFuture<List<Outcome<String>>> outcomes =
        Outcome.of(reply, answer -> List.of(new Outcome.Answered<>(answer)));

    outcomes.cancel(false);

    assertThat(reply).isCancelled();
  }
}
