package io.ratatoskr.worker;

import io.ratatoskr.schemas.DeadLetters;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.RequestCopy;
import io.ratatoskr.schemas.wire.WorkItem;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a work record, and so of one attempt.
 *
 * @param record the work record
 * @param item its content
 * @param lane the lane of its topic
 * @param execution names this run; unlike the attempt it is unique
 * @param takenMs epoch milliseconds of the delivery
 * @param payload the request, once it was read; null before
 */
record Delivery(
    ConsumerRecord<byte[], byte[]> record,
    WorkItem item,
    Lane lane,
    String execution,
    long takenMs,
    SourceReader.@Nullable Payload payload) {

  /** The same with its request, which was read. */
  Delivery with(SourceReader.Payload read) {
    return new Delivery(record, item, lane, execution, takenMs, read);
  }

  /** The request for the dead letter that may become of it; null before it was read. */
  @Nullable RequestCopy copy() {
    return payload == null ? null : DeadLetters.copy(payload.value(), payload.ownHeaders());
  }

  /** Whether an earlier run of it may have ended its process. */
  boolean suspect() {
    return record.deliveryCount().orElse((short) 1) > 1 || item.getCrashes() > 0;
  }

  @Override
  public String toString() {
    return "%s-%d@%d (attempt %d, execution %s)"
        .formatted(
            record.topic(), record.partition(), record.offset(), item.getAttempt(), execution);
  }
}
