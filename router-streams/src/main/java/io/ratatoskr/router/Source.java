package io.ratatoskr.router;

/**
 * The place of a request record, from which a worker can read it again.
 *
 * @param topic a request topic
 * @param partition its partition, from 0
 * @param offset the record's offset
 */
record Source(String topic, int partition, long offset) {
  static Source of(io.ratatoskr.schemas.wire.Source wire) {
    return new Source(wire.getTopic(), wire.getPartition(), wire.getOffset());
  }

  io.ratatoskr.schemas.wire.Source toWire() {
    return new io.ratatoskr.schemas.wire.Source(topic, partition, offset);
  }
}
