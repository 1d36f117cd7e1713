package io.ratatoskr.retrieval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so many requests be under way at once, the others in the order in which they came. */
final class Room {
  private final int places;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int taken;
  private boolean letting;

  Room(int places) {
    this.places = places;
  }

  /**
   * Makes a request when there is a place for it, which it keeps until its outcome is there.
   *
   * @param request called once, on any thread
   */
  <T> CompletableFuture<T> enter(Supplier<CompletableFuture<T>> request) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(() -> start(request, outcome));
    }
    letIn();
    return outcome;
  }

  /** One thread at a time: requests that fail at once would nest without end. */
  private void letIn() {
    synchronized (this) {
      if (letting) {
        return;
      }
      letting = true;
    }
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    if (taken < places && !waiting.isEmpty()) {
      taken++;
      return waiting.removeFirst();
    }
    letting = false;
    return null;
  }

  private <T> void start(Supplier<CompletableFuture<T>> request, CompletableFuture<T> outcome) {
    CompletableFuture<T> answer;
    try {
      answer = request.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ =
        answer.whenComplete((reply, failure) -> {
          synchronized (this) {
            taken--;
          }
          // First, so that the next is on its way while this one's outcome is used.
          letIn();
          if (failure == null) {
            outcome.complete(reply);
          } else {
            outcome.completeExceptionally(failure);
          }
        });
  }
}
