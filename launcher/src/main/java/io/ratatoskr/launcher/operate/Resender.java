package io.ratatoskr.launcher.operate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ratatoskr.client.Handle;
import io.ratatoskr.launcher.command.Broker;
import io.ratatoskr.schemas.BadEnvelopeException;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.Topics.RequestTopic;
import io.ratatoskr.schemas.wire.LetterReplayed;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the requests of dead letters again: to the topic where they stood, with their inbox and
 * timeout, under a new id. Under the old one its error would stay the answer, since the first
 * terminal reply counts. The letter is marked after the request was taken, so that a crash between
 * the two sends it twice rather than never.
 */
final class Resender implements AutoCloseable {
  private final String bootstrap;
  private final TopicReader reader;
  private final Codec<LetterReplayed> marks;
  private final Function<Lane, Duration> defaultTimeout;
  private final Clock clock;
  private final RandomGenerator random;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param defaultTimeout timeout of requests that name none
   */
  Resender(
      String bootstrap,
      KafkaProperties kafka,
      TopicReader reader,
      SchemaIds ids,
      Function<Lane, Duration> defaultTimeout,
      Clock clock,
      RandomGenerator random) {
    this.bootstrap = bootstrap;
    this.reader = reader;
    this.marks = Codec.of(LetterReplayed.class, ids);
    this.defaultTimeout = defaultTimeout;
    this.clock = clock;
    this.random = random;
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("client.id", "ratatoskr-operator");
    properties.put("acks", "all");
    properties.put("max.request.size", Limits.MESSAGE_BYTES);
    properties.put("max.block.ms", 10_000);
    properties.put("delivery.timeout.ms", 30_000);
    properties.put("request.timeout.ms", 10_000);
    this.producer =
        new KafkaProducer<>(
            kafka.over(properties), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The request of a letter cannot be sent; the message says why. */
  static final class UnsendableException extends RuntimeException {
    UnsendableException(String message) {
      super(message);
    }
  }

  /** A request as it is sent again. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  private record Request(RequestTopic topic, Envelope envelope, byte[] value, Headers headers) {}

  /**
   * Sends a letter's request again, and marks the letter.
   *
   * @return where its reply will be found
   * @throws UnsendableException if there is no request that could be sent
   */
  Handle send(Letter letter) throws InterruptedException {
    Request request = request(letter);
    RequestTopic topic = request.topic();
    Envelope envelope = request.envelope();
    Fingerprint key =
        Fingerprint.of(
            topic.capability(), topic.domain(), topic.lane(), envelope.head(), request.value());
    String name = letter.content().getTopic();
    send(
        new ProducerRecord<>(
            name,
            key.partition(reader.partitions(name)),
            key.toKey(),
            request.value(),
            request.headers()));
    String id = envelope.head().requestId().toString();
    ProducerRecord<byte[], byte[]> mark =
        new ProducerRecord<>(
            Topics.deadLetters(),
            letter.id().partition(),
            key.toKey(),
            marks.encode(new LetterReplayed(letter.id().partition(), letter.id().offset(), id)));
    marks.describe(mark.headers());
    send(mark);
    return new Handle(
        topic.domain(),
        topic.lane(),
        topic.capability(),
        envelope.head().requestId(),
        key,
        envelope.inbox().partition(),
        clock.instant().plus(envelope.timeout()));
  }

  private Request request(Letter letter) {
    RequestTopic topic =
        letter
            .requestTopic()
            .orElseThrow(() ->
                new UnsendableException(
                    "stood on "
                        + letter.content().getTopic()
                        + " and is no request; the request that it belongs to was tried again"));
    byte[] value = letter.value();
    Headers headers = letter.headers();
    if (value == null) {
      ConsumerRecord<byte[], byte[]> source = source(letter);
      value = source.value();
      headers = new RecordHeaders(source.headers());
    }
    headers.remove(Envelope.REKEYED);
    RequestId id = RequestId.next(clock, random);
    headers.remove(Envelope.REQUEST_ID).add(Envelope.REQUEST_ID, ascii(id));
    try {
      Envelope envelope = Envelope.read(headers, defaultTimeout.apply(topic.lane()));
      return new Request(topic, envelope, value, headers);
    } catch (BadEnvelopeException e) {
      throw new UnsendableException("has headers that would be refused again: " + e.getMessage());
    }
  }

  private static byte[] ascii(RequestId id) {
    return id.toString().getBytes(US_ASCII);
  }

  /** The request at its place, where the letter does not hold it. */
  private ConsumerRecord<byte[], byte[]> source(Letter letter) {
    var content = letter.content();
    ConsumerRecord<byte[], byte[]> record =
        reader
            .at(content.getTopic(), content.getPartition(), content.getOffset())
            .orElseThrow(() ->
                new UnsendableException(
                    "has no value here, and " + letter.place() + " is no longer kept"));
    if (record.value() == null) {
      throw new UnsendableException("has no value");
    }
    return record;
  }

  private void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new Broker.UnreachableException(bootstrap, e.getCause() == null ? e : e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
