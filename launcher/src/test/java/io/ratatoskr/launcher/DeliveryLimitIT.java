package io.ratatoskr.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.HashEngine;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share group gives a record up after its last delivery and tells nobody. */
@WithKafka(ownBroker = true)
class DeliveryLimitIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TEXT = "given up";

  @TempDir private Path temp;

  @Test
  void workThatTheGroupGaveUp_isMissedByItsAlarmAndDispatchedAgain(TestKafka kafka) {
    String bootstrap = kafka.bootstrapServers();
    new TopicCreation(kafka.admin(), PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RouterConfig routerConfig =
        RouterConfig.of(
            Deployment.allInOne(),
            temp.resolve("router"),
            Values.of(
                RouterConfig.settings(),
                Map.of(
                    "kafka.bootstrap",
                    bootstrap,
                    "router.store",
                    "memory",
                    "lanes.interactive.queue-limit",
                    "PT15S",
                    "limits.execution-budget",
                    "PT1S",
                    "limits.slack",
                    "PT0.1S")));
    WorkerConfig workerConfig =
        WorkerConfig.of(
            Values.of(
                WorkerConfig.settings(),
                Map.of(
                    "kafka.bootstrap",
                    bootstrap,
                    "workers.pool",
                    "embed",
                    "workers.id",
                    "patient")));
    try (Router router = new Router(routerConfig, meters);
        HashEngine engine = HashEngine.free()) {
      router.start();
      router.awaitRunning(PATIENCE);
      // It sets the group's limits at once, and takes nothing before its model is ready.
      engine.become(ServedModel.Readiness.LOADING);
      try (Worker worker = Worker.start(workerConfig, engine, new SimpleMeterRegistry());
          KafkaRatatoskr client = KafkaRatatoskr.connect(ClientConfig.of(bootstrap))) {
        CompletableFuture<EmbedReply> reply =
            client.embed(
                EmbedRequest.of(HashEngine.MODEL, TEXT)
                    .withOptions(RequestOptions.defaults().withTimeout(PATIENCE)));

        assertThat(deliveries(bootstrap)).isEqualTo(workerConfig.deliveryLimit());
        engine.become(ServedModel.Readiness.READY);

        assertThat(reply.orTimeout(PATIENCE.toSeconds(), SECONDS).join().vector())
            .isEqualTo(HashEngine.vector(TEXT, FaultRole.DIMENSIONS));
        assertThat(engine.seen()).containsExactly(TEXT);
        assertThat(kafka.read(Topics.work(Lane.INTERACTIVE, "embed"), 2)).hasSize(2);
        assertThat(meters.get("ratatoskr_router_vanished_total").counter().count()).isEqualTo(1);
        assertThat(worker.shared()).isTrue();
      }
    }
  }

  /**
   * Takes the work as often as it comes and gives it back, as workers that crash would. Only the
   * record that comes first counts: a slow run also meets its successor.
   */
  private static int deliveries(String bootstrap) {
    SequencedMap<Long, Integer> counts = new LinkedHashMap<>();
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                WorkerConfig.shareGroup("embed", Lane.INTERACTIVE, ""),
                "share.acknowledgement.mode",
                "explicit"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.work(Lane.INTERACTIVE, "embed")));
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .pollInSameThread()
          .until(() -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
              counts.put(record.offset(), (int) record.deliveryCount().orElseThrow());
              consumer.acknowledge(record, AcknowledgeType.RELEASE);
            }
            consumer.commitSync();
            return !counts.isEmpty() && counts.firstEntry().getValue() == 10;
          });
    }
    return counts.firstEntry().getValue();
  }
}
