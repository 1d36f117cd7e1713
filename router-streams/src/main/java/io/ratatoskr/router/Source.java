package io.ratatoskr.router;

/** Where a request record stands, so that a worker can read it again. */
record Source(String topic, int partition, long offset) {
  static Source of(io.ratatoskr.schemas.wire.Source wire) {
    return new Source(wire.getTopic(), wire.getPartition(), wire.getOffset());
  }

  io.ratatoskr.schemas.wire.Source toWire() {
    return new io.ratatoskr.schemas.wire.Source(topic, partition, offset);
  }
}
