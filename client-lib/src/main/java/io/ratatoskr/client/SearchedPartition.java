package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The replies that are looked for in one partition, and from which offset on. Not thread-safe, but
 * for the futures.
 */
final class SearchedPartition {
  /** By so much may the clock of a router be behind that of a request's sender. */
  private static final long CLOCKS_MS = 10_000;

  private final List<Wanted> unplaced = new ArrayList<>();
  private final Map<RequestId, List<Wanted>> open = new HashMap<>();
  private long position = Long.MAX_VALUE;

  /** A reply that is looked for. */
  static final class Wanted {
    private final Handle handle;
    private final long latestMs;
    private final CompletableFuture<?> reply;
    private final Consumer<Supplier<RecordOutcome>> completion;
    private boolean mayBeDeleted;

    /**
     * @param latestMs when no reply comes any more, in milliseconds since the epoch
     * @param reply done when its caller does not wait any more
     * @param completion completes it
     */
    Wanted(
        Handle handle,
        long latestMs,
        CompletableFuture<?> reply,
        Consumer<Supplier<RecordOutcome>> completion) {
      this.handle = handle;
      this.latestMs = latestMs;
      this.reply = reply;
      this.completion = completion;
    }

    Handle handle() {
      return handle;
    }

    /** When the request was made; empty where its id does not tell. */
    private OptionalLong madeMs() {
      return handle.requestId().madeMs();
    }

    void fail(RatatoskrException cause) {
      completion.accept(() -> new RecordOutcome.Failure(cause));
    }

    void fail(InferenceError error) {
      fail(new RequestFailedException(error));
    }

    private boolean isOverdue(long nowMs) {
      return nowMs >= latestMs;
    }
  }

  /** Looks for one more. */
  void add(Wanted wanted) {
    unplaced.add(wanted);
  }

  /** Whether one is looked for from an offset that is not known yet. */
  boolean isUnplaced() {
    return !unplaced.isEmpty();
  }

  /** The time, in milliseconds since the epoch, from which on the new ones may be there. */
  long earliestMs() {
    return unplaced.stream()
        .mapToLong(wanted -> Math.max(0, wanted.madeMs().orElse(0) - CLOCKS_MS))
        .min()
        .orElse(0);
  }

  /**
   * Places the new ones.
   *
   * @param begin offset of the earliest record that is kept
   * @param at offset of the first record that is not before {@link #earliestMs}; the end if none is
   * @param atMs timestamp of that record
   * @param end offset of the next record
   * @return the offset from which to read on
   */
  long place(long begin, long at, long atMs, long end) {
    for (Wanted wanted : unplaced) {
      boolean coveredFromBegin = at > begin || atMs <= wanted.madeMs().orElse(Long.MIN_VALUE);
      wanted.mayBeDeleted = begin > 0 && (begin == end || !coveredFromBegin);
      open.computeIfAbsent(wanted.handle.requestId(), id -> new ArrayList<>()).add(wanted);
    }
    unplaced.clear();
    position = Math.min(position, at);
    return position;
  }

  /** A record was read. */
  void read(long offset) {
    position = offset + 1;
  }

  /** A terminal reply; the first one for a request is its outcome. */
  void end(RequestId id, Supplier<RecordOutcome> outcome) {
    List<Wanted> found = open.remove(id);
    if (found != null) {
      found.forEach(wanted -> wanted.completion.accept(outcome));
    }
  }

  /** Forgets what nobody waits for any more. Whether nothing is left. */
  boolean isDone() {
    removeIf(wanted -> wanted.reply.isDone());
    return unplaced.isEmpty() && open.isEmpty();
  }

  /** Whether no reply can come any more for one of them. */
  boolean isOverdue(long nowMs) {
    return open.values().stream().flatMap(List::stream).anyMatch(each -> each.isOverdue(nowMs));
  }

  /** Everything that came in their time was read: ends those that are overdue. */
  void endOverdue(long nowMs, String topic) {
    removeIf(wanted -> {
      boolean overdue = wanted.isOverdue(nowMs);
      if (overdue) {
        wanted.fail(
            wanted.mayBeDeleted
                ? InferenceError.replyNotFound(
                    "no reply is in %s, which does not reach back to the request any more"
                        .formatted(topic))
                : InferenceError.expired(
                    "no reply came to %s by the deadline, %s"
                        .formatted(topic, wanted.handle.deadline())));
      }
      return overdue;
    });
  }

  /** Ends those that are overdue with a failure. */
  void endOverdue(long nowMs, RatatoskrException cause) {
    removeIf(wanted -> {
      boolean overdue = wanted.isOverdue(nowMs);
      if (overdue) {
        wanted.fail(cause);
      }
      return overdue;
    });
  }

  void failAll(RatatoskrException cause) {
    removeIf(wanted -> {
      wanted.fail(cause);
      return true;
    });
  }

  /** Looks for all of them anew. */
  void beginAgain() {
    open.values().forEach(unplaced::addAll);
    open.clear();
    position = Long.MAX_VALUE;
  }

  private void removeIf(Predicate<Wanted> condition) {
    unplaced.removeIf(condition);
    open.values()
        .removeIf(same -> {
          same.removeIf(condition);
          return same.isEmpty();
        });
  }
}
