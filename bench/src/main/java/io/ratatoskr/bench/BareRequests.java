package io.ratatoskr.bench;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes requests of one text as bare records, all at once, and waits until each has a reply. */
final class BareRequests implements AutoCloseable {
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final Codec<EmbedRequest> codec = Codec.of(EmbedRequest.class, SchemaIds.derived());
  private final Random random = new Random(1);
  private final Sentences sentences = new Sentences(4);
  private final int partitions;
  private final Offsets offsets;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param partitions of the topics that are written to
   */
  BareRequests(String bootstrap, int partitions) {
    this.partitions = partitions;
    this.offsets = new Offsets(bootstrap);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** What stands in the broker's topics. */
  Offsets offsets() {
    return offsets;
  }

  /**
   * Requests a second from the first that is written to the last reply.
   *
   * @param topic where they are written
   * @param replies where each is answered
   * @param model of each, by its number from 0
   */
  double settled(Lane lane, String topic, String replies, int requests, IntFunction<String> model)
      throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(requests);
    for (int i = 0; i < requests; i++) {
      records.add(record(lane, topic, model.apply(i)));
    }
    long wanted = offsets.end(replies) + requests;
    long begin = System.nanoTime();
    for (ProducerRecord<byte[], byte[]> record : records) {
      var _ = producer.send(record);
    }
    producer.flush();
    while (offsets.end(replies) < wanted) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException("not every request of " + topic + " was answered");
      }
      Thread.sleep(10);
    }
    return requests / ((System.nanoTime() - begin) / 1e9);
  }

  private ProducerRecord<byte[], byte[]> record(Lane lane, String topic, String model) {
    RequestHead head = RequestHead.of(RequestId.next(Clock.systemUTC(), random), model);
    Envelope envelope =
        new Envelope(head, new Inbox(0, "bench"), Duration.ofMinutes(10), null, null);
    byte[] value =
        codec.encode(
            EmbedRequest.newBuilder()
                .setItems(List.of(new Item(new Text(sentences.next()))))
                .build());
    Fingerprint key = Fingerprint.of(Capability.EMBED, Domain.DEFAULT, lane, head, value);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, key.partition(partitions), key.toKey(), value);
    envelope.writeTo(record.headers());
    codec.describe(record.headers());
    return record;
  }

  @Override
  public void close() {
    producer.close();
    offsets.close();
  }
}
