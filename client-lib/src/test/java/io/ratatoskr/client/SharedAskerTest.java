package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads use one asker. */
@Timeout(180)
class SharedAskerTest {
  private static final InferenceError BUSY = InferenceError.overloaded("busy");

  /** Answers on any thread, and fails one request in four, by chance. */
  private static final class Unsteady implements Asker.Job<Integer, String> {
    private final Map<Integer, Integer> outcomes = new ConcurrentHashMap<>();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch open;

    Unsteady(int items) {
      open = new CountDownLatch(items);
    }

    @Override
    public CompletableFuture<List<Outcome<String>>> ask(List<Integer> items) {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      int dice = ThreadLocalRandom.current().nextInt(8);
      return dice < 7
          ? CompletableFuture.supplyAsync(() -> reply(items, dice))
          : CompletableFuture.completedFuture(reply(items, dice));
    }

    private List<Outcome<String>> reply(List<Integer> items, int dice) {
      now.decrementAndGet();
      if (dice == 0) {
        throw new RequestFailedException(BUSY);
      }
      return items.stream()
          .<Outcome<String>>map(item ->
              dice == 1 && item % 3 == 0
                  ? new Outcome.Failed<>(BUSY)
                  : new Outcome.Answered<>("answer"))
          .toList();
    }

    @Override
    public Verdict verdict(List<Integer> items, Asker.Failure failure) {
      return failure.tries() % 3 == 0 && items.size() > 1
          ? new Verdict.Split()
          : new Verdict.Again();
    }

    @Override
    public void settled(List<Integer> items, List<Outcome<String>> theirs) {
      items.forEach(item -> {
        outcomes.merge(item, 1, Integer::sum);
        open.countDown();
      });
    }

    @Override
    public void lost(List<Integer> items, Throwable reason) {
      throw new AssertionError("nothing here is lost", reason);
    }
  }

  @Test
  void whateverFailsAndWhoeverAnswers_eachItemHasOneOutcome_andTheBoundHolds() throws Exception {
    int threads = 4;
    int batches = 500;
    Unsteady unsteady = new Unsteady(threads * batches * 8);
    Backoff brief = new Backoff(Duration.ofNanos(1000), Duration.ofMillis(1), () -> 0.5);
    Asker<Integer, String> shared = new Asker<>(unsteady, 16, brief, Time.system());
    List<Thread> adders = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t * batches;
      adders.add(
          Thread.startVirtualThread(() -> {
            for (int b = first; b < first + batches; b++) {
              shared.add(IntStream.range(b * 8, b * 8 + 8).boxed().toList());
            }
          }));
    }
    for (Thread adder : adders) {
      adder.join();
    }
    unsteady.open.await();

    assertThat(unsteady.outcomes).hasSize(threads * batches * 8);
    assertThat(unsteady.outcomes.values()).containsOnly(1);
    assertThat(unsteady.most.get()).isBetween(2, 16);
  }
}
