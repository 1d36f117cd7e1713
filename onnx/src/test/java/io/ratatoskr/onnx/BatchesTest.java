package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchesTest {

  @Test
  void cut_mixedLengths_isLongestFirstWithinTheBudget() {
    assertThat(Batches.cut(new int[] {3, 10, 4, 9, 50, 4}, 20))
        .containsExactly(List.of(4), List.of(1, 3), List.of(2, 5, 0));
  }

  @Test
  void cut_nothing_givesNoBatch() {
    assertThat(Batches.cut(new int[0], 20)).isEmpty();
  }

  @Property
  void cut_anyLengths_losesNothingAndDoublesNothing(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 600) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 1024) int budget) {
    List<Integer> all = Batches.cut(ints(lengths), budget).stream().flatMap(List::stream).toList();
    assertThat(all).doesNotHaveDuplicates().hasSize(lengths.size());
  }

  @Property
  void cut_anyLengths_keepsTheBudgetOrRunsAlone(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 600) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 1024) int budget) {
    for (List<Integer> batch : Batches.cut(ints(lengths), budget)) {
      int padded = batch.stream().mapToInt(lengths::get).max().orElseThrow();
      assertThat(batch.size() == 1 || padded * batch.size() <= budget).isTrue();
    }
  }

  @Property
  void cut_anyLengths_neverPutsALongerTextLater(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 600) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 1024) int budget) {
    List<Integer> order =
        Batches.cut(ints(lengths), budget).stream()
            .flatMap(List::stream)
            .map(lengths::get)
            .toList();
    assertThat(order).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }

  private static int[] ints(List<Integer> lengths) {
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }
}
