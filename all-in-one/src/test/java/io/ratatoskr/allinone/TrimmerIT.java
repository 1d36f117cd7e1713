package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.WorkerConfig;
import java.time.Duration;
import java.util.EnumSet;
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
  private static final Trimmer.WorkGroups NO_WORK = new Trimmer.WorkGroups(Set.of(), Set.of());

  @Test
  void requests_areTrimmedWhenCommittedAndAnswered_neverBefore(TestKafka kafka) throws Exception {
    TopicPartition requests = tenRecords(kafka, requests(kafka));
    String group = kafka.domain() + ".router";
    AtomicReference<Optional<Map<TopicPartition, Long>>> open =
        new AtomicReference<>(Optional.empty());
    try (Trimmer _ =
        Trimmer.start(kafka.admin(), Set.of(group), () -> NO_WORK, open::get, OFTEN, OFTEN)) {
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

  @Test
  void work_isTrimmedWhenItsPoolHasClaimedIt_whateverPoolsWereNeverJoined(TestKafka kafka)
      throws Exception {
    TopicPartition work = tenRecords(kafka, Topics.work(Lane.BULK, "trimmed"));
    Trimmer.WorkGroups groups =
        Trimmer.WorkGroups.of(
            Map.of("never-joined", Set.of(""), "trimmed", Set.of("", "own")),
            EnumSet.of(Lane.BULK));
    try (Trimmer _ =
        Trimmer.start(kafka.admin(), Set.of(), () -> groups, Optional::empty, OFTEN, OFTEN)) {
      commit(kafka, WorkerConfig.claimGroup("trimmed", Lane.BULK, ""), work, 4);
      awaitStart(kafka, work, 4);
    }
  }

  @Test
  void whatTheOnlyClientHasRead_isKeptForAWhile_andItsRequestsAreNot(TestKafka kafka)
      throws Exception {
    TopicPartition requests = tenRecords(kafka, requests(kafka));
    TopicPartition longKept = tenRecords(kafka, kafka.domain() + ".interactive.replies");
    TopicPartition shortKept = tenRecords(kafka, kafka.domain() + ".bulk.replies");
    String group = kafka.domain() + ".router";
    commit(kafka, group, requests, 7);
    try (Trimmer trimmer =
        Trimmer.start(kafka.admin(), Set.of(group), () -> NO_WORK, Optional::empty, OFTEN, OFTEN)) {
      trimmer.confirmedBy(
          () -> Map.of(requests, 8L, longKept, 9L, shortKept, 6L),
          Map.of(longKept.topic(), Duration.ofDays(1), shortKept.topic(), Duration.ofMillis(100)));
      awaitStart(kafka, shortKept, 6);
      awaitStart(kafka, requests, 7);
    }
    assertThat(start(kafka, longKept)).isZero();
  }

  private static String requests(TestKafka kafka) {
    return Topics.requests(new Domain(kafka.domain()), Lane.INTERACTIVE, Capability.TOKENIZE);
  }

  private static TopicPartition tenRecords(TestKafka kafka, String topic) throws Exception {
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
