package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.Setting;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {

  @Test
  void of_nothingGiven_defaults() {
    WorkerConfig config = WorkerConfig.of(Map.of("worker-id", "w1"));

    assertThat(config)
        .isEqualTo(
            new WorkerConfig(
                "127.0.0.1:9092",
                "w1",
                "default",
                Set.of(Lane.INTERACTIVE, Lane.BULK),
                WorkerConfig.QueueChoice.AUTO,
                Duration.ofMillis(250),
                12,
                16,
                Duration.ofSeconds(15),
                4_000,
                10,
                Duration.ofSeconds(6),
                Duration.ofSeconds(1),
                SchemaRegistry.NONE,
                KafkaProperties.NONE));
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() {
    Map<String, String> values =
        Map.ofEntries(
            Map.entry("bootstrap", "kafka:9093"),
            Map.entry("worker-id", "gpu-1"),
            Map.entry("worker-pool", "embed"),
            Map.entry("worker-lanes", "bulk"),
            Map.entry("worker-queue", "claimed"),
            Map.entry("worker-poll-budget", "PT0.1S"),
            Map.entry("worker-bulk-share", "50"),
            Map.entry("worker-slots", "4"),
            Map.entry("worker-lock", "PT20S"),
            Map.entry("worker-locks", "2000"),
            Map.entry("worker-delivery-limit", "5"),
            Map.entry("worker-session-timeout", "PT10S"),
            Map.entry("worker-heartbeat", "PT0.5S"),
            Map.entry("schema.registry.url", "http://me:secret@registry"));

    assertThat(values.keySet())
        .isEqualTo(WorkerConfig.settings().stream().map(Setting::key).collect(Collectors.toSet()));
    assertThat(WorkerConfig.of(values))
        .isEqualTo(
            new WorkerConfig(
                "kafka:9093",
                "gpu-1",
                "embed",
                Set.of(Lane.BULK),
                WorkerConfig.QueueChoice.CLAIMED,
                Duration.ofMillis(100),
                50,
                4,
                Duration.ofSeconds(20),
                2_000,
                5,
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                new SchemaRegistry("http://registry", "me:secret"),
                KafkaProperties.NONE));
  }

  @Test
  void of_kafkaKeys_goToTheClients() {
    WorkerConfig config = WorkerConfig.of(Map.of("kafka.ssl.key.password", "secret"));

    assertThat(config.kafka().values()).isEqualTo(Map.of("ssl.key.password", "secret"));
    assertThat(config.toString()).contains("ssl.key.password").doesNotContain("secret");
    assertThat(new ClientProperties(config).toString()).doesNotContain("secret");
  }

  @Test
  void of_unknownKey_refused() {
    assertThatThrownBy(() -> WorkerConfig.of(Map.of("worker-poll", "embed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("worker-poll: a worker has no such setting");
  }

  @Test
  void of_valueNotAllowed_namesTheKey() {
    Map.of(
            "worker-id", "has space",
            "worker-pool", "a.b",
            "worker-lanes", "fast",
            "worker-queue", "quick",
            "worker-poll-budget", "PT1M",
            "worker-bulk-share", "0",
            "worker-slots", "-1",
            "worker-lock", "PT0.5S",
            "worker-locks", "1",
            "worker-delivery-limit", "11")
        .forEach((key, value) ->
            assertThatThrownBy(() -> WorkerConfig.of(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + ":"));
  }

  @Test
  void new_pollBudgetNearTheLock_refused() {
    assertThatThrownBy(
            () -> WorkerConfig.of(Map.of("worker-lock", "PT2S", "worker-poll-budget", "PT1S")))
        .hasMessageContaining("worker-poll-budget: must be at most a third of worker-lock");
  }

  @Test
  void newWorkerId_twice_differs() {
    assertThat(WorkerConfig.newWorkerId("embed"))
        .startsWith("embed-")
        .isNotEqualTo(WorkerConfig.newWorkerId("embed"));
  }
}
