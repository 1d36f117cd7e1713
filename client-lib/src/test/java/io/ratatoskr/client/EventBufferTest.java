package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventBufferTest {
  private final EventBuffer buffer = new EventBuffer();

  private static ChatEvent text(String text) {
    return new ChatEvent.Content(text);
  }

  private void add(String... texts) {
    buffer.add(List.of(texts).stream().map(EventBufferTest::text).toList());
  }

  @Test
  void iterator_waitsForEvents_andEnds() {
    CompletableFuture<List<ChatEvent>> read = new CompletableFuture<>();
    Thread reader =
        new Thread(() -> {
          List<ChatEvent> events = new ArrayList<>();
          buffer.iterator().forEachRemaining(events::add);
          read.complete(events);
        });
    reader.start();
    await().until(() -> reader.getState() == Thread.State.WAITING);
    add("a");
    add("b", "c");
    buffer.end(null);

    assertThat(read.join()).containsExactly(text("a"), text("b"), text("c"));
  }

  @Test
  void iterator_throwsWhatTheRequestFailedWith_afterWhatCameBefore() {
    add("a");
    buffer.end(new RequestFailedException(InferenceError.overloaded("busy")));
    Iterator<ChatEvent> events = buffer.iterator();

    assertThat(events.next()).isEqualTo(text("a"));
    assertThatThrownBy(events::hasNext)
        .isInstanceOf(RequestFailedException.class)
        .hasMessageContaining("busy");
  }

  @Test
  void iterator_interrupted_throwsAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    Iterator<ChatEvent> events = buffer.iterator();

    assertThatThrownBy(events::hasNext).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aSecondReader_isRefused() {
    buffer.iterator();

    assertThatThrownBy(buffer::iterator).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void room_isGoneWhenMuchWaits_andThereAgainWhenItIsRead() {
    Iterator<ChatEvent> events = buffer.iterator();
    int added = 0;
    while (buffer.hasRoom()) {
      add("x".repeat(1024));
      added++;
    }
    assertThat(added).isBetween(100, 200);
    events.next();

    assertThat(buffer.hasRoom()).isTrue();
  }

  /** Collects, and asks for as many as it is told to. */
  private static final class Reader implements Flow.Subscriber<ChatEvent> {
    private final List<ChatEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @SuppressWarnings("NullAway.Init") // the buffer subscribes it before anything else
    Reader() {}

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
    }

    @Override
    public void onNext(ChatEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }

  @Test
  void subscriber_getsAsManyAsItAsksFor_thenTheEnd() {
    Reader reader = new Reader();
    add("a", "b", "c");
    buffer.subscribe(reader, () -> {});
    assertThat(reader.events).isEmpty();

    reader.subscription.request(2);
    assertThat(reader.events).containsExactly(text("a"), text("b"));
    buffer.end(null);
    assertThat(reader.end).isNotDone();
    reader.subscription.request(Long.MAX_VALUE);
    assertThat(reader.events).hasSize(3);
    assertThat(reader.end).isCompleted();
  }

  @Test
  void subscriber_thatCancels_getsNothingMore_andCancelsTheRequestOnce() {
    Reader reader = new Reader();
    AtomicInteger cancelled = new AtomicInteger();
    buffer.subscribe(reader, cancelled::incrementAndGet);
    reader.subscription.request(9);
    add("a");
    reader.subscription.cancel();
    add("b");
    buffer.end(null);

    assertThat(reader.events).containsExactly(text("a"));
    assertThat(reader.end).isNotDone();
    assertThat(cancelled).hasValue(1);
  }

  @Test
  void subscriber_thatAsksForNothing_isToldSo() {
    Reader reader = new Reader();
    buffer.subscribe(reader, () -> {});
    reader.subscription.request(0);

    assertThatThrownBy(reader.end::join).hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void subscriber_whileManyThreadsAdd_getsEachEventOnce() throws InterruptedException {
    Reader reader = new Reader();
    buffer.subscribe(reader, () -> {});
    reader.subscription.request(Long.MAX_VALUE);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "t" + i + "-";
      Thread thread =
          new Thread(() -> {
            for (int j = 0; j < 500; j++) {
              add(name + j);
            }
          });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    buffer.end(null);

    reader.end.join();
    assertThat(reader.events).hasSize(2_000).doesNotHaveDuplicates();
  }
}
