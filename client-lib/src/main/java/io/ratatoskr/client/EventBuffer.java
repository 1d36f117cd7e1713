package io.ratatoskr.client;

import io.ratatoskr.schemas.chat.ChatEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The events of a stream between the inbox and their one reader. Thread-safe. */
final class EventBuffer {
  /** Characters, about, that wait for a reader before {@link #hasRoom} says no. */
  private static final int ROOM = 128 * 1024;

  /** Characters that an event weighs beside its text. */
  private static final int EVENT = 64;

  // Guarded by this.
  private final Deque<ChatEvent> waiting = new ArrayDeque<>();
  private int characters;
  private boolean ended;
  private @Nullable Throwable failure;
  private boolean taken;
  private Flow.@Nullable Subscriber<? super ChatEvent> subscriber;
  private long wanted;
  private boolean draining;
  private boolean closed;

  synchronized boolean hasRoom() {
    return characters < ROOM;
  }

  /** Adds events, also where there is no room. */
  void add(List<ChatEvent> events) {
    synchronized (this) {
      for (ChatEvent event : events) {
        waiting.addLast(event);
        characters += weight(event);
      }
      notifyAll();
    }
    drain();
  }

  private static int weight(ChatEvent event) {
    int text = 0;
    if (event instanceof ChatEvent.Content content) {
      text = content.text().length();
    } else if (event instanceof ChatEvent.Reasoning reasoning) {
      text = reasoning.text().length();
    } else if (event instanceof ChatEvent.ToolCallDelta delta) {
      text = delta.arguments().length();
    }
    return EVENT + text;
  }

  /** Nothing follows what was added. */
  void end(@Nullable Throwable cause) {
    synchronized (this) {
      ended = true;
      failure = cause;
      notifyAll();
    }
    drain();
  }

  private synchronized void take() {
    if (taken) {
      throw new IllegalStateException("the events of a stream have one reader");
    }
    taken = true;
  }

  Iterator<ChatEvent> iterator() {
    take();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return awaitNext();
      }

      @Override
      public ChatEvent next() {
        if (!awaitNext()) {
          throw new NoSuchElementException("the stream has ended");
        }
        return removeFirst();
      }
    };
  }

  /** Waits for an event; false at the end. */
  private synchronized boolean awaitNext() {
    while (waiting.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while waiting for the next event");
      }
    }
    if (waiting.isEmpty() && failure != null) {
      throw failure instanceof RuntimeException cause ? cause : new IllegalStateException(failure);
    }
    return !waiting.isEmpty();
  }

  private synchronized ChatEvent removeFirst() {
    ChatEvent event = waiting.removeFirst();
    characters -= weight(event);
    return event;
  }

  void subscribe(Flow.Subscriber<? super ChatEvent> reader, Runnable cancel) {
    take();
    reader.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long number) {
            ask(number, cancel);
          }

          @Override
          public void cancel() {
            close();
            cancel.run();
          }
        });
    synchronized (this) {
      subscriber = reader;
    }
    drain();
  }

  private void ask(long number, Runnable cancel) {
    synchronized (this) {
      if (number <= 0) {
        ended = true;
        failure = new IllegalArgumentException("request: must be positive, is " + number);
        waiting.clear();
      } else {
        wanted = wanted + number < 0 ? Long.MAX_VALUE : wanted + number;
      }
    }
    if (number <= 0) {
      cancel.run();
    }
    drain();
  }

  private synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** One thread at a time hands over; what others bring meanwhile goes with it. */
  private void drain() {
    synchronized (this) {
      if (subscriber == null || draining) {
        return;
      }
      draining = true;
    }
    while (handOver()) {
      // Until nothing is wanted or there is nothing.
    }
  }

  /** Returns whether there may be more to hand over. */
  private boolean handOver() {
    Flow.Subscriber<? super ChatEvent> reader;
    ChatEvent event = null;
    Throwable cause;
    synchronized (this) {
      reader = subscriber;
      boolean over = ended && waiting.isEmpty();
      if (closed || reader == null || (!over && (waiting.isEmpty() || wanted == 0))) {
        draining = false;
        return false;
      }
      cause = failure;
      if (over) {
        closed = true;
      } else {
        event = removeFirst();
        wanted -= wanted == Long.MAX_VALUE ? 0 : 1;
      }
    }
    if (event != null) {
      reader.onNext(event);
    } else if (cause == null) {
      reader.onComplete();
    } else {
      reader.onError(cause);
    }
    return true;
  }
}
