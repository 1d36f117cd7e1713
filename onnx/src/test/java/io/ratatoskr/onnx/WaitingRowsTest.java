package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WaitingRowsTest {

  /** A row is its name and its length. */
  private record Row(int name, int length) {}

  private final Set<Row> withdrawn = new HashSet<>();
  private final WaitingRows<Row> rows = rows();

  private WaitingRows<Row> rows() {
    return new WaitingRows<>(Row::length, row -> !withdrawn.contains(row));
  }

  private static Row row(int length) {
    return new Row(0, length);
  }

  @Test
  void cut_mixedLengths_isLongestFirstWithinTheBudget() {
    rows.add(List.of(row(3), row(10), row(4), row(9), row(50)));

    assertThat(rows.cut(20)).containsExactly(row(50));
    assertThat(rows.cut(20)).containsExactly(row(10), row(9));
    assertThat(rows.cut(20)).containsExactly(row(4), row(3));
    assertThat(rows.cut(20)).isEmpty();
    assertThat(rows.isEmpty()).isTrue();
  }

  @Test
  void cut_anotherBudgetThanBefore_holdsForWhatWaitsAlready() {
    rows.add(List.of(row(5), row(5), row(5), row(5), row(5)));

    assertThat(rows.cut(20)).hasSize(4);
    rows.add(List.of(row(5), row(5), row(5)));
    assertThat(rows.cut(10)).hasSize(2);
  }

  @Test
  void cut_severalSubmissions_theLongestOfTheOldestLeadsAndAllFollow() {
    rows.add(List.of(row(8), row(3)));
    rows.add(List.of(row(30), row(7), row(2)));

    assertThat(rows.cut(16)).containsExactly(row(8), row(7));
    // Of the oldest submission the shorter row is left; the row of 30 has to wait for it.
    assertThat(rows.cut(16)).containsExactly(row(3), row(2));
    assertThat(rows.cut(16)).containsExactly(row(30));
  }

  @Test
  void cut_withdrawnRows_takeNoRoom() {
    rows.add(List.of(row(9), row(8), row(7), row(6)));
    withdrawn.addAll(List.of(row(9), row(7)));

    assertThat(rows.cut(16)).containsExactly(row(8), row(6));
    assertThat(rows.isEmpty()).isTrue();
  }

  @Test
  void cut_allWithdrawn_givesNone() {
    rows.add(List.of(row(9), row(8)));
    withdrawn.addAll(List.of(row(9), row(8)));

    assertThat(rows.cut(16)).isEmpty();
    assertThat(rows.isEmpty()).isTrue();
  }

  @Test
  void drain_givesWhatIsInNoBatch() {
    rows.add(List.of(row(9), row(8)));
    rows.cut(9);

    assertThat(rows.drain()).containsExactly(row(8));
    assertThat(rows.cut(9)).isEmpty();
  }

  @Property
  void cut_anySubmissions_losesNothingAndDoublesNothing(
      @ForAll @Size(max = 6)
          List<@Size(max = 40) List<@IntRange(min = 1, max = 600) Integer>> submissions,
      @ForAll @IntRange(min = 1, max = 1024) int budget) {
    List<Row> added = new ArrayList<>();
    WaitingRows<Row> waiting = rows();
    for (List<Integer> lengths : submissions) {
      int first = added.size();
      IntStream.range(0, lengths.size())
          .forEach(i -> added.add(new Row(first + i, lengths.get(i))));
      waiting.add(added.subList(first, added.size()));
    }

    List<Row> taken = new ArrayList<>();
    for (List<Row> batch = waiting.cut(budget); !batch.isEmpty(); batch = waiting.cut(budget)) {
      int padded = batch.stream().mapToInt(Row::length).max().orElseThrow();
      assertThat(batch.size() == 1 || padded * batch.size() <= budget).isTrue();
      assertThat(batch.getFirst().length()).isEqualTo(padded);
      taken.addAll(batch);
    }

    assertThat(taken).containsExactlyInAnyOrderElementsOf(added);
    assertThat(waiting.isEmpty()).isTrue();
  }

  @Property
  void cut_oneSubmission_neverPutsALongerRowLater(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 600) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 1024) int budget) {
    WaitingRows<Row> waiting = rows();
    waiting.add(lengths.stream().map(WaitingRowsTest::row).toList());

    List<Integer> order = new ArrayList<>();
    for (List<Row> batch = waiting.cut(budget); !batch.isEmpty(); batch = waiting.cut(budget)) {
      batch.forEach(row -> order.add(row.length()));
    }

    assertThat(order).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }
}
