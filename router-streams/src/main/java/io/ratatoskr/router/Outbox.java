package io.ratatoskr.router;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Sends a task's records through the sinks of the topology. */
record Outbox(ProcessorContext<byte[], Emission> context, SendPoint sendPoint) {

  /** Sends a record; a key of null leaves the partition to the producer. */
  void send(byte @Nullable [] key, Emission emission, Headers headers) {
    sendPoint.reached(emission);
    context.forward(
        new Record<>(key, emission, Math.max(0, context.currentSystemTimeMs()), headers),
        emission.sink().node());
  }
}
