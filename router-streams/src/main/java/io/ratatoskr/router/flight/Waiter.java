package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
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
 * @param expiredIn incarnation that has told it that it expired; 0 while it waits
 * @param expiredMs when it was told so, in epoch milliseconds; 0 while it waits
 */
public record Waiter(
    RequestId id,
    Inbox inbox,
    String topic,
    long offset,
    long deadlineMs,
    boolean joined,
    long expiredIn,
    long expiredMs) {

  /** Whether it was told that it expired. */
  public boolean isExpired() {
    return expiredIn != 0;
  }

  Waiter expired(long incarnation, long now) {
    return new Waiter(id, inbox, topic, offset, deadlineMs, joined, incarnation, now);
  }

  Waiter joins() {
    return new Waiter(id, inbox, topic, offset, deadlineMs, true, 0, 0);
  }

  /** Where its reply goes, and under which id. */
  public ReplyTo replyTo() {
    return new ReplyTo(id, inbox);
  }
}
