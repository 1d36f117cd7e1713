package io.ratatoskr.client;

import io.ratatoskr.schemas.RequestId;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One request record, from the call until its outcome is handed over. The thread that {@linkplain
 * PendingReplies#take takes} it out of the pending calls hands the outcome over, so that happens
 * once.
 */
final class PendingCall {
  final RequestId id;
  final RequestRecord request;
  final RequestOptions options;

  /** When the call was made, in milliseconds since the epoch. */
  final long begun;

  /** When its caller stops waiting, in milliseconds since the epoch. */
  final long deadline;

  private final Consumer<RecordOutcome> outcome;

  // Guarded by PendingReplies.
  long due;
  long sequence;

  // Guarded by FlowControl.
  boolean waiting;
  boolean settled;
  boolean sending;
  long sentAt;

  // Guarded by ConfirmedOffsets.
  @Nullable TopicPartition partition;
  long floor;
  boolean confirmed;

  /** Sends begun. */
  final AtomicInteger sends = new AtomicInteger();

  /** Whether a broker has acknowledged the request. */
  volatile boolean acknowledged;

  PendingCall(
      RequestRecord request, RequestOptions options, long begun, Consumer<RecordOutcome> outcome) {
    this.id = request.head().requestId();
    this.request = request;
    this.options = options;
    this.begun = begun;
    this.deadline = begun + options.timeout().toMillis();
    this.due = deadline;
    this.outcome = outcome;
  }

  int bytes() {
    return request.value().length;
  }

  /** Hands over the outcome, on the caller's thread. */
  void complete(RecordOutcome result) {
    outcome.accept(result);
  }
}
