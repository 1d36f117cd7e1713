package io.ratatoskr.router;

import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.router.RouterMetrics.Meter;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.RequestCopy;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Writes dead letters: of records that cannot be handled, and of requests that failed for good. */
record Letters(Outbox outbox, Lane lane, Services services, FlightStore flights) {

  /** Keeps a record that could not be handled. */
  void write(Record<byte[], byte[]> record, RecordMetadata at, InferenceError error) {
    send(record.key(), services.codecs().deadLetter(record, at, error));
  }

  /**
   * Keeps a request that failed for good.
   *
   * @param copy the request as its last worker had it; null where no worker's report ended it
   */
  void write(Fingerprint fingerprint, Decision.LayAside failed, @Nullable RequestCopy copy) {
    AtomicReference<@Nullable RequestId> opener = new AtomicReference<>();
    flights.eachWaiter(
        fingerprint,
        failed.flight().generation(),
        waiter -> {
          if (!waiter.joined()) {
            opener.set(waiter.id());
          }
        });
    Bytes letter =
        services
            .codecs()
            .deadLetter(fingerprint, failed.flight(), failed.error(), opener.get(), copy);
    send(fingerprint.toKey(), letter);
  }

  private void send(byte @Nullable [] key, Bytes letter) {
    Emission emission =
        new Emission(Sink.DEAD_LETTERS, Topics.deadLetters(), Emission.BY_KEY, letter);
    outbox.send(key, emission, services.codecs().deadLetterHeaders());
    services.metrics().count(Meter.DEAD_LETTERS, lane);
  }
}
