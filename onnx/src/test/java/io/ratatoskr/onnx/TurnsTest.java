package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final long MILLI = 1_000_000;
  private static final int TOKENS = 4;

  private final AtomicLong now = new AtomicLong();
  private final Set<String> withdrawn = new HashSet<>();

  /** Each row has four tokens, and a batch room for one, until a test says otherwise. */
  private Turns<String> turns = turns(TOKENS);

  private Turns<String> turns(int budget) {
    return new Turns<>(
        4, row -> TOKENS, row -> !withdrawn.contains(row), new BatchBudget(budget), now::get);
  }

  @Test
  void take_bothWait_givesBulkEveryFourthTurn() {
    turns.offer(Priority.BULK, List.of("b1", "b2", "b3"));
    turns.offer(Priority.INTERACTIVE, List.of("i1", "i2", "i3", "i4", "i5", "i6", "i7"));
    assertThat(takeAll(10))
        .containsExactly("i1", "i2", "i3", "b1", "i4", "i5", "i6", "b2", "i7", "b3");
  }

  @Test
  void take_interactiveComesLate_isNextAllTheSame() {
    turns.offer(Priority.BULK, List.of("b1", "b2"));
    assertThat(takeAll(1)).containsExactly("b1");
    turns.offer(Priority.INTERACTIVE, List.of("i1"));
    assertThat(takeAll(2)).containsExactly("i1", "b2");
  }

  @Test
  void take_onlyInteractiveForLong_owesNothingToBulkThatComesLater() {
    turns.offer(Priority.INTERACTIVE, List.of("i1", "i2", "i3", "i4", "i5"));
    assertThat(takeAll(4)).containsExactly("i1", "i2", "i3", "i4");
    turns.offer(Priority.BULK, List.of("b1"));
    assertThat(takeAll(2)).containsExactly("i5", "b1");
  }

  @Test
  void take_interactiveTrafficBegins_cutsWhatWaitsSmaller() {
    turns = turns(8 * TOKENS);
    turns.offer(Priority.BULK, rows("b", 30));
    assertThat(take().rows()).hasSize(8);

    turns.offer(Priority.INTERACTIVE, List.of("i1"));

    assertThat(take().rows()).containsExactly("i1");
    assertThat(take().rows()).hasSize(2);
    now.addAndGet(BatchBudget.LATELY.toNanos());
    assertThat(take().rows()).hasSize(8);
  }

  @Test
  void take_twoSubmissions_shareABatch() {
    turns = turns(8 * TOKENS);
    turns.offer(Priority.BULK, rows("a", 3));
    turns.offer(Priority.BULK, rows("b", 3));

    assertThat(take().rows()).containsExactly("a1", "a2", "a3", "b1", "b2", "b3");
  }

  @Test
  void ran_bulkBatches_sayHowManyTokensFit() {
    turns = turns(100 * TOKENS);
    turns.offer(Priority.BULK, rows("b", 60));
    turns.ran(new Turns.Batch<>(Priority.BULK, rows("b", 10)), 50 * MILLI);
    turns.ran(new Turns.Batch<>(Priority.INTERACTIVE, rows("i", 1)), 500 * MILLI);

    assertThat(take().rows()).hasSize(20);
  }

  @Test
  void takeInteractive_othersAreBusy_givesInteractiveRowsOnly() {
    turns.offer(Priority.BULK, List.of("b1"));
    turns.offer(Priority.INTERACTIVE, List.of("i1"));

    assertThat(Objects.requireNonNull(turns.takeInteractive()).rows()).containsExactly("i1");
    CompletableFuture<List<String>> next = new CompletableFuture<>();
    Thread taker =
        Thread.ofPlatform()
            .start(() -> next.complete(Objects.requireNonNull(turns.takeInteractive()).rows()));
    await().until(() -> taker.getState() == Thread.State.WAITING);
    turns.offer(Priority.BULK, List.of("b2"));
    turns.offer(Priority.INTERACTIVE, List.of("i2"));

    assertThat(next.join()).containsExactly("i2");
  }

  @Test
  void takeInteractive_anotherCallerIsIdle_leavesItTheRow() {
    CompletableFuture<Turns.@Nullable Batch<String>> beside = new CompletableFuture<>();
    CompletableFuture<Turns.@Nullable Batch<String>> idle = new CompletableFuture<>();
    Thread waits = Thread.ofPlatform().start(() -> idle.complete(turns.take()));
    await().until(() -> waits.getState() == Thread.State.WAITING);
    Thread waitsToo = Thread.ofPlatform().start(() -> beside.complete(turns.takeInteractive()));
    await().until(() -> waitsToo.getState() == Thread.State.WAITING);

    turns.offer(Priority.INTERACTIVE, List.of("i1"));

    assertThat(Objects.requireNonNull(idle.join()).rows()).containsExactly("i1");
    turns.close();
    assertThat(beside.join()).isNull();
  }

  @Test
  void take_withdrawnRows_givesTheOtherQueue() {
    turns.offer(Priority.INTERACTIVE, List.of("i1"));
    turns.offer(Priority.BULK, List.of("b1"));
    withdrawn.add("i1");

    assertThat(take().rows()).containsExactly("b1");
  }

  @Test
  void close_returnsWhatWaitsAndRefusesMore() {
    turns.offer(Priority.BULK, List.of("b1"));
    turns.offer(Priority.INTERACTIVE, List.of("i1"));
    assertThat(turns.close()).containsExactly("i1", "b1");
    assertThat(turns.offer(Priority.BULK, List.of("b2"))).isFalse();
    assertThat(turns.take()).isNull();
    assertThat(turns.takeInteractive()).isNull();
  }

  @Test
  void close_whileATakerWaits_endsItsWait() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread taker = Thread.ofPlatform().start(() -> ended.complete(turns.take() == null));
    await().until(() -> taker.getState() == Thread.State.WAITING);
    turns.close();
    assertThat(ended.join()).isTrue();
  }

  private Turns.Batch<String> take() {
    return Objects.requireNonNull(turns.take());
  }

  private static List<String> rows(String name, int count) {
    List<String> rows = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      rows.add(name + i);
    }
    return rows;
  }

  private List<String> takeAll(int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.addAll(take().rows());
    }
    return taken;
  }
}
