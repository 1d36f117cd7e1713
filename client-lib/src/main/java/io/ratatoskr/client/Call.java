package io.ratatoskr.client;

import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One request record, from the call until its one outcome is handed over.
 *
 * <pre>
 *   unsent ── send ──→ sent ── the first terminal reply ──────────────→ ended
 *     │                 │ ├─── no reply in time, or none is to come ──→ ended
 *     │ cancel          │ cancel
 *     ↓                 ↓
 *   ended           cancelled ── the first terminal reply: the answer,
 *   (Cancelled)                  where that was quicker, or Cancelled ─→ ended
 * </pre>
 *
 * A request that was sent is known to the router, so after its cancellation the router has the last
 * word, as it has without: whoever reads the inbox finds the same outcome.
 *
 * <p>What arrives for a call, its parts and then its end, is put into its queue by the thread that
 * reads the inbox and taken out by one thread at a time. So the order is that of the inbox, however
 * many threads there are, and nothing follows the end. Thread-safe.
 *
 * @param <R> the reply of this record
 */
final class Call<R> {

  /** The lane that a call goes on. */
  interface Path {

    /** Tells the router that nobody wants the answer any more. Returns at once. */
    void cancel(Call<?> call);

    /**
     * The outcome is known and will be handed over.
     *
     * @param failure why there is no answer; null where there is one
     */
    void ended(Call<?> call, @Nullable RatatoskrException failure);

    /** The outcome was handed over. */
    void settled(Call<?> call);
  }

  /** Reads the answer of a record. */
  interface Reader<R> {
    /**
     * The reply.
     *
     * @throws UndecodableRecordException if the payload is none
     * @throws SchemaRegistryException if its schema cannot be asked for now
     * @throws IllegalArgumentException if the payload contradicts itself or the request
     * @throws RequestFailedException if it is not what was asked for
     */
    R read(RecordOutcome.Answer answer);
  }

  private final RequestRecord request;
  private final RequestOptions options;
  private final long begun;
  private final Reader<R> reader;
  private final Parts parts;
  private final Path path;
  private final Executor callbacks;
  private final CompletableFuture<R> reply = new CompletableFuture<>();
  private final CompletableFuture<Void> sent = new CompletableFuture<>();

  // Guarded by this.
  private final Queue<Runnable> arrived = new ArrayDeque<>();
  private boolean taking;
  private int sends;
  private @Nullable Inbox inbox;
  private boolean acknowledged;
  private boolean cancelled;
  private boolean ended;

  /**
   * @param begun when the call was made, in milliseconds since the epoch
   * @param callbacks run what is handed over
   */
  Call(
      RequestRecord request,
      RequestOptions options,
      long begun,
      Reader<R> reader,
      Parts parts,
      Path path,
      Executor callbacks) {
    this.request = request;
    this.options = options;
    this.begun = begun;
    this.reader = reader;
    this.parts = parts;
    this.path = path;
    this.callbacks = callbacks;
  }

  RequestId id() {
    return request.head().requestId();
  }

  Fingerprint key() {
    return request.key();
  }

  Lane lane() {
    return options.lane();
  }

  RequestRecord request() {
    return request;
  }

  RequestOptions options() {
    return options;
  }

  int bytes() {
    return request.value().length;
  }

  /** When the call was made, in milliseconds since the epoch. */
  long begun() {
    return begun;
  }

  /** When its caller stops waiting, in milliseconds since the epoch. */
  long deadline() {
    return begun + options.timeout().toMillis();
  }

  /** The handle; empty until the request has been sent. */
  synchronized Optional<Handle> handle() {
    return Optional.ofNullable(inbox)
        .map(to ->
            new Handle(
                request.domain(),
                options.lane(),
                request.capability(),
                id(),
                request.key(),
                to.partition(),
                Instant.ofEpochMilli(deadline())));
  }

  /**
   * The handle, when a broker has the request; fails with a {@link RatatoskrException} where none
   * ever has it.
   */
  CompletableFuture<Handle> submitted() {
    return sent.thenApplyAsync(done -> handle().orElseThrow(), callbacks);
  }

  /** The reply; fails with a {@link RatatoskrException}. */
  CompletableFuture<R> reply() {
    return reply;
  }

  /** Cancels; does nothing where the call was cancelled before or has ended. */
  void cancel() {
    boolean sent;
    synchronized (this) {
      if (cancelled || ended) {
        return;
      }
      cancelled = true;
      sent = sends > 0;
    }
    if (sent) {
      path.cancel(this);
    } else {
      end(new RequestFailedException(InferenceError.cancelled("cancelled before it was sent")));
    }
  }

  /**
   * A send begins.
   *
   * @return the number of this send, from 1; empty where the call has ended, or was cancelled and
   *     then failed to be sent, so that nothing is to be sent
   */
  synchronized OptionalInt sending(Inbox to) {
    if (ended || cancelled) {
      return OptionalInt.empty();
    }
    inbox = to;
    return OptionalInt.of(++sends);
  }

  /** Sends begun. */
  synchronized int sends() {
    return sends;
  }

  /** A broker has acknowledged the request. */
  void acknowledge() {
    synchronized (this) {
      acknowledged = true;
    }
    sent.complete(null);
  }

  synchronized boolean isAcknowledged() {
    return acknowledged;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized boolean isEnded() {
    return ended;
  }

  /** Whether records of that kind are wanted. */
  boolean knows(String kind) {
    return parts.knows(kind);
  }

  /**
   * Hands over a part of a kind that is known.
   *
   * @return false where the call has ended, so that the part is dropped
   */
  synchronized boolean part(String kind, byte[] value, Headers headers) {
    return !ended && handOver(() -> take(kind, value, headers));
  }

  private void take(String kind, byte[] value, Headers headers) {
    try {
      parts.take(kind, value, headers);
    } catch (RuntimeException e) {
      end(ReplyReading.unreadable(e).cause());
    }
  }

  /**
   * Ends the call with a terminal reply.
   *
   * @param outcome read on the thread that hands it over
   * @return false where it has ended before, so that this one is dropped
   */
  synchronized boolean end(Supplier<RecordOutcome> outcome) {
    if (ended) {
      return false;
    }
    ended = true;
    return handOver(() -> complete(outcome.get()));
  }

  /** Ends the call without a reply. */
  boolean end(RatatoskrException failure) {
    return end(() -> new RecordOutcome.Failure(failure));
  }

  private boolean handOver(Runnable task) {
    arrived.add(task);
    if (!taking) {
      taking = true;
      callbacks.execute(this::takeAll);
    }
    return true;
  }

  private void takeAll() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = arrived.poll();
    taking = next != null;
    return next;
  }

  private void complete(RecordOutcome outcome) {
    R answer = null;
    RatatoskrException failure = null;
    try {
      answer = ReplyReading.answer(outcome, reader);
    } catch (RatatoskrException e) {
      failure = e;
    }
    path.ended(this, failure);
    try {
      if (failure == null) {
        sent.complete(null);
        reply.complete(answer);
      } else {
        sent.completeExceptionally(failure);
        reply.completeExceptionally(failure);
      }
    } finally {
      path.settled(this);
    }
  }
}
