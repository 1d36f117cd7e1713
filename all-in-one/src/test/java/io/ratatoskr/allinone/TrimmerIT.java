package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@WithKafka
class TrimmerIT {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @Test
  void requests_areTrimmedWhenCommittedAndAnswered_neverBefore(TestKafka kafka) throws Exception {
    TopicPartition requests = tenRequests(kafka);
    String group = kafka.domain() + ".router";
    AtomicReference<Optional<Map<TopicPartition, Long>>> open =
        new AtomicReference<>(Optional.empty());
    try (Trimmer _ =
        Trimmer.start(kafka.admin(), Set.of(group), Set.of(), open::get, OFTEN, OFTEN)) {
      commit(kafka, group, requests, 8);
      open.set(Optional.of(Map.of(requests, 5L)));
      awaitStart(kafka, requests, 5);

      // The router begins anew: nobody knows what is open.
      open.set(Optional.empty());
      commit(kafka, group, requests, 9);
      open.set(Optional.of(Map.of(requests, 6L)));
      awaitStart(kafka, requests, 6);

      open.set(Optional.of(Map.of()));
      awaitStart(kafka, requests, 9);
    }
    assertThat(start(kafka, requests)).isEqualTo(9);
  }

  private static TopicPartition tenRequests(TestKafka kafka) throws Exception {
    String topic =
        Topics.requests(new Domain(kafka.domain()), Lane.INTERACTIVE, Capability.TOKENIZE);
    kafka.createTopic(topic, 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(topic, new byte[] {(byte) i})).get();
      }
    }
    return new TopicPartition(topic, 0);
  }

  private static void commit(TestKafka kafka, String group, TopicPartition partition, long offset)
      throws Exception {
    kafka
        .admin()
        .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static void awaitStart(TestKafka kafka, TopicPartition partition, long offset) {
    Awaitility.await().until(() -> start(kafka, partition) == offset);
  }

  private static long start(TestKafka kafka, TopicPartition partition) throws Exception {
    return kafka
        .admin()
        .listOffsets(Map.of(partition, OffsetSpec.earliest()))
        .partitionResult(partition)
        .get()
        .offset();
  }
}
