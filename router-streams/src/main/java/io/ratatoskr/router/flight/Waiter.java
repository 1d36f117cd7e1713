package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;

/**
 * A request that waits for a flight.
 *
 * @param id id of the request
 * @param inbox where its reply goes
 * @param topic topic of its request record
 * @param offset offset of that record in the task's partition
 * @param deadlineMs when its sender stops waiting, in epoch milliseconds
 * @param joined whether the flight was open when it came
 * @param toldIn incarnation that has told it that it expired or is cancelled; 0 while it waits
 * @param toldMs when it was told so, in epoch milliseconds; 0 while it waits
 * @param cancelledBy offset of the record that cancelled it; {@link #NOT_CANCELLED} where none did
 */
public record Waiter(
    RequestId id,
    Inbox inbox,
    String topic,
    long offset,
    long deadlineMs,
    boolean joined,
    long toldIn,
    long toldMs,
    long cancelledBy) {

  static final long NOT_CANCELLED = -1;

  /** What a cancelled request is told. */
  public static final InferenceError CANCELLED =
      InferenceError.cancelled("cancelled by its sender");

  /** A request that begins to wait, and opens its flight. */
  public static Waiter of(RequestId id, Inbox inbox, String topic, long offset, long deadlineMs) {
    return new Waiter(id, inbox, topic, offset, deadlineMs, false, 0, 0, NOT_CANCELLED);
  }

  /** Whether it was told that it expired or is cancelled. */
  public boolean isTold() {
    return toldIn != 0;
  }

  /**
   * Whether the flight's reply is none of its business, since this incarnation has told it that it
   * expired or is cancelled. What a former one told it may have been lost.
   */
  public boolean isToldBy(long incarnation) {
    return toldIn == incarnation;
  }

  /** Whether it was told that it is cancelled. */
  public boolean isCancelled() {
    return cancelledBy != NOT_CANCELLED;
  }

  /** Told, or told again, in that incarnation. */
  Waiter told(long incarnation, long now) {
    return new Waiter(id, inbox, topic, offset, deadlineMs, joined, incarnation, now, cancelledBy);
  }

  /** Told that the record at that offset has cancelled it. */
  Waiter cancelled(long by, long incarnation, long now) {
    return new Waiter(id, inbox, topic, offset, deadlineMs, joined, incarnation, now, by);
  }

  Waiter joins() {
    return new Waiter(id, inbox, topic, offset, deadlineMs, true, 0, 0, NOT_CANCELLED);
  }

  /** Where its reply goes, and under which id. */
  public ReplyTo replyTo() {
    return new ReplyTo(id, inbox);
  }
}
