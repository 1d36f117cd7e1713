package io.ratatoskr.embeddedkafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareGroupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path temp;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("data")));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void deliversUntilAcknowledged() throws Exception {
    KafkaClients.createTopic(kafka, "work");
    configure(
        "workers",
        Map.of(
            "share.auto.offset.reset", "earliest",
            "share.record.lock.duration.ms", "60000",
            "share.partition.max.record.locks", "4000",
            "share.delivery.count.limit", "10"));
    KafkaClients.produce(kafka, "work", List.of("good", "again"));

    try (KafkaShareConsumer<String, String> consumer = consumer("workers", "work")) {
      List<String> deliveries = new ArrayList<>();
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
              int delivery = record.deliveryCount().orElseThrow();
              deliveries.add(record.value() + " " + delivery);
              boolean release = record.value().equals("again") && delivery == 1;
              consumer.acknowledge(
                  record, release ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
            }
            consumer.commitSync();
            return deliveries.contains("again 2");
          });
      assertThat(deliveries).containsExactlyInAnyOrder("good 1", "again 1", "again 2");
    }
  }

  @Test
  void aLockOfOneSecondExpires() throws Exception {
    KafkaClients.createTopic(kafka, "locked");
    configure(
        "locksmiths",
        Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "1000"));
    KafkaClients.produce(kafka, "locked", List.of("held"));

    try (KafkaShareConsumer<String, String> holder = consumer("locksmiths", "locked")) {
      List<Integer> first = new ArrayList<>();
      pollInto(holder, first);
      try (KafkaShareConsumer<String, String> other = consumer("locksmiths", "locked")) {
        List<Integer> second = new ArrayList<>();
        pollInto(other, second);
        assertThat(second.getFirst()).isGreaterThan(first.getLast());
      }
    }
  }

  private static void pollInto(
      KafkaShareConsumer<String, String> consumer, List<Integer> deliveryCounts) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          consumer
              .poll(Duration.ofMillis(100))
              .forEach(record -> deliveryCounts.add((int) record.deliveryCount().orElseThrow()));
          return !deliveryCounts.isEmpty();
        });
  }

  private static void configure(String group, Map<String, String> settings) throws Exception {
    List<AlterConfigOp> ops =
        settings.entrySet().stream()
            .map(setting ->
                new AlterConfigOp(
                    new ConfigEntry(setting.getKey(), setting.getValue()),
                    AlterConfigOp.OpType.SET))
            .toList();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try (Admin admin = KafkaClients.admin(kafka)) {
      admin.incrementalAlterConfigs(Map.of(resource, ops)).all().get();
      // What a group begins with is what the broker knows when its first member joins.
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            Config shown =
                requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return settings.entrySet().stream()
                .allMatch(
                    setting -> shown.get(setting.getKey()).value().equals(setting.getValue()));
          });
    }
  }

  private static KafkaShareConsumer<String, String> consumer(String group, String topic) {
    KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                group,
                "share.acknowledgement.mode",
                "explicit"),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }
}
