package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns<String> turns = new Turns<>(4);

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
  void close_returnsWhatWaitsAndRefusesMore() {
    turns.offer(Priority.BULK, List.of("b1"));
    turns.offer(Priority.INTERACTIVE, List.of("i1"));
    assertThat(turns.close()).containsExactly("i1", "b1");
    assertThat(turns.offer(Priority.BULK, List.of("b2"))).isFalse();
    assertThat(turns.take()).isNull();
  }

  @Test
  void close_whileATakerWaits_endsItsWait() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread taker = Thread.ofPlatform().start(() -> ended.complete(turns.take() == null));
    await().until(() -> taker.getState() == Thread.State.WAITING);
    turns.close();
    assertThat(ended.join()).isTrue();
  }

  private List<String> takeAll(int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(Objects.requireNonNull(turns.take()));
    }
    return taken;
  }
}
