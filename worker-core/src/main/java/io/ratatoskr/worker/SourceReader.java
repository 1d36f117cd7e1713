package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.wire.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request record again, for work that came without its payload. One reader at a time; the
 * consumer is made when it is first needed.
 */
final class SourceReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> newConsumer;
  private final Duration patience;
  private @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param patience longest wait for a record that is there
   */
  SourceReader(Supplier<Consumer<byte[], byte[]>> newConsumer, Duration patience) {
    this.newConsumer = newConsumer;
    this.patience = patience;
  }

  /**
   * The content of a request record.
   *
   * @param value its value, as its sender wrote it
   * @param schema its {@code schema} header; null where it had none
   * @param headers its headers, or those of the work that carries it, whose {@code schema} is
   *     another
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Payload(byte[] value, @Nullable String schema, Headers headers) {

    /** Its {@code traceparent} header; null where it had none. */
    @Nullable String traceparent() {
      return Envelope.traceparent(headers);
    }

    /** Its headers as its sender wrote them. */
    Headers ownHeaders() {
      Headers own = new RecordHeaders(headers).remove(Codec.SCHEMA_HEADER);
      return schema == null ? own : own.add(Codec.SCHEMA_HEADER, schema.getBytes(UTF_8));
    }
  }

  /**
   * The payload of that record; empty if the topic no longer keeps it, or it has none.
   *
   * @throws TimeoutException if the broker does not answer in time
   */
  synchronized Optional<Payload> read(Source source) {
    Consumer<byte[], byte[]> reader = consumer;
    if (reader == null) {
      reader = newConsumer.get();
      consumer = reader;
    }
    TopicPartition partition = new TopicPartition(source.getTopic(), source.getPartition());
    reader.assign(List.of(partition));
    try {
      Map<TopicPartition, Long> ends = reader.endOffsets(List.of(partition), patience);
      if (source.getOffset() >= ends.getOrDefault(partition, 0L)) {
        return Optional.empty();
      }
      reader.seek(partition, source.getOffset());
      for (Duration waited = Duration.ZERO;
          waited.compareTo(patience) < 0;
          waited = waited.plus(POLL)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          return record.offset() == source.getOffset() && record.value() != null
              ? Optional.of(
                  new Payload(record.value(), Codec.named(record.headers()), record.headers()))
              : Optional.empty();
        }
      }
      throw new TimeoutException(
          "Record %s@%d was not delivered within %s"
              .formatted(partition, source.getOffset(), patience));
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    } finally {
      reader.unsubscribe();
    }
  }

  @Override
  public synchronized void close() {
    if (consumer != null) {
      consumer.close();
    }
  }
}
