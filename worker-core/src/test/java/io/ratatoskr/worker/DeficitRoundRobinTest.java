package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeficitRoundRobinTest {
  private final DeficitRoundRobin order = new DeficitRoundRobin();

  /** Serves so many batches of that cost, and says whose they were. */
  private String serve(int batches, int cost) {
    StringBuilder served = new StringBuilder();
    for (int i = 0; i < batches; i++) {
      String queue = order.next(any -> true);
      order.charge(String.valueOf(queue), cost);
      served.append(queue);
    }
    return served.toString();
  }

  @Test
  void next_nobodyHasJoined_isNobodysTurn() {
    assertThat(order.next(any -> true)).isNull();
  }

  @Test
  void next_singleItems_comesInTheProportionOfTheWeights() {
    order.weight("b", 3);
    order.join("a");
    order.join("b");

    assertThat(serve(8, 1)).isEqualTo("abbbabbb");
  }

  @Test
  void next_largeBatches_areOwedAndPaidOff() {
    order.weight("b", 3);
    order.join("a");
    order.join("b");

    assertThat(serve(9, 30)).isEqualTo("abbbabbba");
  }

  @Test
  void next_aQueueWithoutATaker_isPassedOver() {
    order.join("a");
    order.join("b");

    assertThat(order.next("b"::equals)).isEqualTo("b");
    assertThat(order.next(any -> false)).isNull();
  }

  @Test
  void next_aLoneQueueInDebt_isServedAtOnce() {
    order.join("a");

    assertThat(serve(3, 10_000)).isEqualTo("aaa");
  }

  @Test
  void leave_whatItOwedOrSaved_isForgotten() {
    order.weight("a", 5);
    order.join("a");
    order.join("b");
    assertThat(serve(1, 1)).isEqualTo("a");
    order.leave("a");
    assertThat(serve(1, 1)).isEqualTo("b");
    order.join("a");

    assertThat(serve(7, 1)).isEqualTo("aaaaaba");
  }

  @Test
  void weight_ofNothing_isRefused() {
    assertThatThrownBy(() -> order.weight("a", 0)).hasMessageContaining("weight");
  }

  /** The law that the class states, over every window of a run in which all have work. */
  @Property(tries = 200)
  void whileAllHaveWork_whatTwoWereServedByWeight_differsByAUnitAndABatchOfEach(
      @ForAll @Size(min = 2, max = 9) List<@IntRange(min = 1, max = 100) Integer> weights,
      @ForAll @IntRange(min = 1, max = 200) int largest,
      @ForAll long seed) {
    DeficitRoundRobin order = of(weights);
    Random random = new Random(seed);
    List<Map<String, Long>> history = new ArrayList<>();
    Map<String, Long> served = new HashMap<>();
    history.add(Map.of());
    for (int i = 0; i < 300; i++) {
      String queue = String.valueOf(order.next(any -> true));
      int cost = 1 + random.nextInt(largest);
      order.charge(queue, cost);
      served.merge(queue, (long) cost, Long::sum);
      history.add(Map.copyOf(served));
    }
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(300);
      int to = from + random.nextInt(301 - from);
      for (int one = 0; one < weights.size(); one++) {
        for (int other = 0; other < one; other++) {
          double difference =
              share(history, from, to, one, weights) - share(history, from, to, other, weights);
          double bound =
              1 + (double) largest / weights.get(one) + (double) largest / weights.get(other);
          assertThat(Math.abs(difference)).isLessThanOrEqualTo(bound + 1e-9);
        }
      }
    }
  }

  /** Queues of those weights, all with work. */
  private static DeficitRoundRobin of(List<Integer> weights) {
    DeficitRoundRobin order = new DeficitRoundRobin();
    for (int i = 0; i < weights.size(); i++) {
      order.weight("q" + i, weights.get(i));
      order.join("q" + i);
    }
    return order;
  }

  private static double share(
      List<Map<String, Long>> history, int from, int to, int queue, List<Integer> weights) {
    String name = "q" + queue;
    long units = history.get(to).getOrDefault(name, 0L) - history.get(from).getOrDefault(name, 0L);
    return (double) units / weights.get(queue);
  }

  /** With single items that is one unit for each weight: one quantum. */
  @Property(tries = 100)
  void whileAllHaveWork_singleItems_areWithinOneQuantumOfTheShares(
      @ForAll @Size(min = 2, max = 9) List<@IntRange(min = 1, max = 20) Integer> weights,
      @ForAll @IntRange(min = 1, max = 2_000) int window) {
    int all = weights.stream().mapToInt(Integer::intValue).sum();
    DeficitRoundRobin order = of(weights);
    Map<String, Integer> served = new HashMap<>();
    for (int i = 0; i < window; i++) {
      String queue = String.valueOf(order.next(any -> true));
      order.charge(queue, 1);
      served.merge(queue, 1, Integer::sum);
    }
    for (int i = 0; i < weights.size(); i++) {
      double fair = (double) window * weights.get(i) / all;
      assertThat(Math.abs(served.getOrDefault("q" + i, 0) - fair)).isLessThan(weights.get(i) + 1);
    }
  }
}
