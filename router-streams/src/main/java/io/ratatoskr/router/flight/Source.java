package io.ratatoskr.router.flight;

/**
 * The place of a request record, from which a worker can read it again.
 *
 * @param topic a request topic
 * @param partition its partition, from 0
 * @param offset the record's offset
 */
public record Source(String topic, int partition, long offset) {
  /** The place that a record names. */
  public static Source of(io.ratatoskr.schemas.wire.Source wire) {
    return new Source(wire.getTopic(), wire.getPartition(), wire.getOffset());
  }

  /** The place as a record names it. */
  public io.ratatoskr.schemas.wire.Source toWire() {
    return new io.ratatoskr.schemas.wire.Source(topic, partition, offset);
  }
}
