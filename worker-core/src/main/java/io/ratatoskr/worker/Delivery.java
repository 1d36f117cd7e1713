package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.WorkItem;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One delivery of a work record, and so of one attempt.
 *
 * @param record the work record
 * @param item its content
 * @param lane the lane of its topic
 * @param execution names this run; unlike the attempt it is unique
 * @param takenMs epoch milliseconds of the delivery
 */
record Delivery(
    ConsumerRecord<byte[], byte[]> record,
    WorkItem item,
    Lane lane,
    String execution,
    long takenMs) {

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
