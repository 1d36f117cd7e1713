package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratatoskr.schemas.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long MILLI = 1_000_000;
  private static final int TOKENS = 4;

  private final AtomicLong now = new AtomicLong();
  private final Set<String> withdrawn = new HashSet<>();

  /** Each row has four tokens, and a batch room for one, until a test says otherwise. */
  private Backlog<String> backlog = backlog(TOKENS);

  private Backlog<String> backlog(int budget) {
    return new Backlog<>(
        row -> TOKENS, row -> !withdrawn.contains(row), new BatchBudget(budget), now::get);
  }

  @Test
  void take_bothWait_givesEachCallerItsOwn() {
    backlog.offer(Lane.BULK, List.of("b1"));
    backlog.offer(Lane.INTERACTIVE, List.of("i1"));

    assertThat(take(Lane.INTERACTIVE).rows()).containsExactly("i1");
    assertThat(take(Lane.BULK).rows()).containsExactly("b1");
  }

  @Test
  void take_rowsOfTheOtherLane_goesOnWaiting() {
    CompletableFuture<List<String>> next = new CompletableFuture<>();
    Thread taker = Thread.ofPlatform().start(() -> next.complete(take(Lane.INTERACTIVE).rows()));
    await().until(() -> taker.getState() == Thread.State.WAITING);
    backlog.offer(Lane.BULK, List.of("b1"));
    backlog.offer(Lane.INTERACTIVE, List.of("i1"));

    assertThat(next.join()).containsExactly("i1");
  }

  @Test
  void take_withdrawnRows_givesTheNext() {
    backlog.offer(Lane.BULK, List.of("b1", "b2"));
    withdrawn.add("b1");

    assertThat(take().rows()).containsExactly("b2");
  }

  @Test
  void take_interactiveTrafficBegins_cutsWhatWaitsSmaller() {
    backlog = backlog(8 * TOKENS);
    backlog.offer(Lane.BULK, rows("b", 30));
    assertThat(take().rows()).hasSize(8);

    backlog.offer(Lane.INTERACTIVE, List.of("i1"));

    assertThat(take().rows()).hasSize(4);
    now.addAndGet(BatchBudget.LATELY.toNanos());
    assertThat(take().rows()).hasSize(8);
  }

  @Test
  void take_twoSubmissions_shareABatch() {
    backlog = backlog(8 * TOKENS);
    backlog.offer(Lane.BULK, rows("a", 3));
    backlog.offer(Lane.BULK, rows("b", 3));

    assertThat(take().rows()).containsExactly("a1", "a2", "a3", "b1", "b2", "b3");
  }

  @Test
  void ran_bulkBatches_sayHowManyTokensFit() {
    backlog = backlog(100 * TOKENS);
    backlog.offer(Lane.BULK, rows("b", 60));
    backlog.ran(new Backlog.Batch<>(Lane.BULK, rows("b", 10)), 50 * MILLI);
    backlog.ran(new Backlog.Batch<>(Lane.INTERACTIVE, rows("i", 1)), 500 * MILLI);

    assertThat(take().rows()).hasSize(20);
  }

  @Test
  void close_rebacklogWhatWaitsAndRefusesMore() {
    backlog.offer(Lane.BULK, List.of("b1"));
    backlog.offer(Lane.INTERACTIVE, List.of("i1"));
    assertThat(backlog.close()).containsExactly("i1", "b1");
    assertThat(backlog.offer(Lane.BULK, List.of("b2"))).isFalse();
    assertThat(backlog.take(Lane.BULK)).isNull();
    assertThat(backlog.take(Lane.INTERACTIVE)).isNull();
  }

  @Test
  void close_whileATakerWaits_endsItsWait() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread taker = Thread.ofPlatform().start(() -> ended.complete(backlog.take(Lane.BULK) == null));
    await().until(() -> taker.getState() == Thread.State.WAITING);
    backlog.close();
    assertThat(ended.join()).isTrue();
  }

  private Backlog.Batch<String> take() {
    return take(Lane.BULK);
  }

  private Backlog.Batch<String> take(Lane lane) {
    return Objects.requireNonNull(backlog.take(lane));
  }

  private static List<String> rows(String name, int count) {
    List<String> rows = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      rows.add(name + i);
    }
    return rows;
  }
}
