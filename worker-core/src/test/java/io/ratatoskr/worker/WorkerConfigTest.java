package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {

  private static WorkerConfig of(Map<String, String> values) {
    return WorkerConfig.of(Values.of(WorkerConfig.settings(), values));
  }

  @Test
  void of_nothingGiven_defaults() {
    WorkerConfig config = of(Map.of("workers.id", "w1"));

    assertThat(config)
        .isEqualTo(
            new WorkerConfig(
                "127.0.0.1:9092",
                "w1",
                "",
                Set.of(Lane.INTERACTIVE, Lane.BULK),
                WorkerConfig.QueueChoice.AUTO,
                Duration.ofMillis(250),
                50,
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
            Map.entry("kafka.bootstrap", "kafka:9093"),
            Map.entry("workers.id", "gpu-1"),
            Map.entry("workers.pool", "embed"),
            Map.entry("workers.lanes", "bulk"),
            Map.entry("workers.queue", "claimed"),
            Map.entry("workers.poll-budget", "PT0.1S"),
            Map.entry("workers.bulk-share", "30"),
            Map.entry("workers.slots", "4"),
            Map.entry("workers.lock", "PT20S"),
            Map.entry("workers.locks", "2000"),
            Map.entry("workers.delivery-limit", "5"),
            Map.entry("workers.session-timeout", "PT10S"),
            Map.entry("workers.heartbeat", "PT0.5S"),
            Map.entry("schema-registry.url", "http://me:secret@registry"));

    assertThat(
            WorkerConfig.settings().stream().map(Setting::key).filter(key -> !key.equals("kafka")))
        .hasSameElementsAs(values.keySet());
    assertThat(of(values))
        .isEqualTo(
            new WorkerConfig(
                "kafka:9093",
                "gpu-1",
                "embed",
                Set.of(Lane.BULK),
                WorkerConfig.QueueChoice.CLAIMED,
                Duration.ofMillis(100),
                30,
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
    WorkerConfig config = of(Map.of("kafka.ssl.key.password", "secret"));

    assertThat(config.kafka().values()).isEqualTo(Map.of("ssl.key.password", "secret"));
    assertThat(config.toString()).contains("ssl.key.password").doesNotContain("secret");
    assertThat(new ClientProperties(config).toString()).doesNotContain("secret");
  }

  @Test
  void of_unknownKey_refused() {
    assertThatThrownBy(() -> of(Map.of("workers.poll", "embed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("workers.poll: there is no such key");
  }

  @Test
  void of_valueNotAllowed_namesTheKey() {
    Map.of(
            "workers.id", "has space",
            "workers.pool", "a.b",
            "workers.lanes", "fast",
            "workers.queue", "quick",
            "workers.poll-budget", "PT1M",
            "workers.bulk-share", "0",
            "workers.slots", "-1",
            "workers.lock", "PT0.5S",
            "workers.locks", "1",
            "workers.delivery-limit", "11")
        .forEach((key, value) ->
            assertThatThrownBy(() -> of(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + ":"));
  }

  @Test
  void new_pollBudgetNearTheLock_refused() {
    assertThatThrownBy(() -> of(Map.of("workers.lock", "PT2S", "workers.poll-budget", "PT1S")))
        .hasMessageContaining("workers.poll-budget: must be at most a third of workers.lock");
  }

  @Test
  void withPool_aNameThatWasMadeUp_isMadeUpForThatPool() {
    assertThat(of(Map.of()).workerId()).startsWith("worker-");
    assertThat(of(Map.of()).withPool("nli").workerId()).startsWith("nli-");
    assertThat(of(Map.of()).withPool("nli").withPool("gpu").workerId()).startsWith("gpu-");
    assertThat(of(Map.of("workers.id", "w1")).withPool("nli").workerId()).isEqualTo("w1");
    assertThat(of(Map.of("workers.id", "w1")).withPoolOfMany("nli").workerId()).isEqualTo("w1-nli");
    assertThat(of(Map.of()).withPoolOfMany("nli").workerId()).startsWith("nli-");
  }

  @Test
  void requirePool_noneChosen_refused() {
    assertThatThrownBy(of(Map.of())::requirePool)
        .hasMessage("workers.pool: must not be empty here");
  }

  @Test
  void newWorkerId_twice_differs() {
    assertThat(WorkerConfig.newWorkerId("embed"))
        .startsWith("embed-")
        .isNotEqualTo(WorkerConfig.newWorkerId("embed"));
  }
}
