package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final Room room = new Room(2);
  private final List<Integer> begun = new ArrayList<>();
  private final List<CompletableFuture<Integer>> requests = new ArrayList<>();

  private CompletableFuture<Integer> enter(int number) {
    CompletableFuture<Integer> request = new CompletableFuture<>();
    requests.add(request);
    return room.enter(() -> {
      begun.add(number);
      return request;
    });
  }

  @Test
  void noMoreAtOnceThanThereArePlaces_theOthersInTheirOrder() {
    List<CompletableFuture<Integer>> outcomes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      outcomes.add(enter(i));
    }

    assertThat(begun).containsExactly(0, 1);
    requests.get(1).complete(11);
    assertThat(begun).containsExactly(0, 1, 2);
    assertThat(outcomes.get(1)).isCompletedWithValue(11);
    requests.get(0).completeExceptionally(new IllegalStateException("no"));
    assertThat(begun).containsExactly(0, 1, 2, 3);
    assertThat(outcomes.get(0)).isCompletedExceptionally();
    assertThat(outcomes.get(2)).isNotDone();
  }

  @Test
  void aRequestThatCannotBeMade_leavesItsPlace() {
    for (int i = 0; i < 3; i++) {
      assertThat(
              room.<Integer>enter(() -> {
                throw new IllegalArgumentException("no such request");
              }))
          .isCompletedExceptionally();
    }
    assertThat(enter(1)).isNotDone();
    assertThat(begun).containsExactly(1);
  }

  @Test
  void requestsThatEndAtOnce_doNotNest() {
    var _ = enter(0);
    var _ = enter(1);
    List<CompletableFuture<Integer>> ended = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      int number = i;
      ended.add(room.enter(() -> CompletableFuture.completedFuture(number)));
    }

    requests.getFirst().complete(0);

    for (int i = 0; i < ended.size(); i++) {
      assertThat(ended.get(i)).isCompletedWithValue(i);
    }
  }
}
