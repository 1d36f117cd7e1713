package io.ratatoskr.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.ModelState;
import io.ratatoskr.schemas.wire.WorkerStatus;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka(ownBroker = true)
class CatalogIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Codec<WorkerStatus> CODEC =
      Codec.of(WorkerStatus.class, SchemaIds.derived());

  @BeforeEach
  void createTopics(TestKafka kafka) {
    new TopicCreation(kafka.admin(), PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
  }

  private static void say(TestKafka kafka, String worker, @Nullable ModelState state) {
    RecordHeaders headers = new RecordHeaders();
    CODEC.describe(headers);
    byte[] value =
        state == null
            ? null
            : CODEC.encode(HeartbeatsTest.status(worker, HeartbeatsTest.model("m", state)));
    kafka.send(new ProducerRecord<>(Topics.catalog(), 0, worker.getBytes(UTF_8), value, headers));
  }

  private static Catalog follow(TestKafka kafka) throws InterruptedException {
    Catalog catalog =
        new Catalog(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "catalog-it"),
            SchemaIds.derived(),
            Clock.systemUTC());
    catalog.start();
    assertThat(catalog.awaitCaughtUp(PATIENCE)).isTrue();
    return catalog;
  }

  @Test
  void followsWorkersFromTheirFirstHeartbeatToTheEnd(TestKafka kafka) throws InterruptedException {
    say(kafka, "w", ModelState.LOADING);
    try (Catalog catalog = follow(kafka)) {
      assertThat(catalog.get().pool("embed").models()).containsExactly("m");
      assertThat(catalog.get().isGone("w")).isFalse();

      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            say(kafka, "w", ModelState.READY);
            CatalogSnapshot now = catalog.get();
            return now.settled() && now.isAlive("w") && now.pool("embed").ready().contains("m");
          });
      assertThat(catalog.get().isGone("w")).isFalse();

      // It says no more.
      Awaitility.await().atMost(PATIENCE).until(() -> catalog.get().isGone("w"));
      assertThat(catalog.get().pool("embed").ready()).isEmpty();
      assertThat(catalog.get().workers()).containsOnlyKeys("w");

      say(kafka, "w", null);
      Awaitility.await().atMost(PATIENCE).until(() -> catalog.get().workers().isEmpty());
    }
  }

  @Test
  void recordThatIsNoHeartbeat_isPassedOver(TestKafka kafka) throws InterruptedException {
    kafka.send(new ProducerRecord<>(Topics.catalog(), 0, "odd".getBytes(UTF_8), new byte[] {1, 2}));
    say(kafka, "fine", ModelState.READY);
    try (Catalog catalog = follow(kafka)) {
      assertThat(catalog.get().workers()).containsKey("fine").doesNotContainKey("odd");
    }
  }
}
