package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.ratatoskr.policy.RetrySettings;
import io.ratatoskr.router.health.CircuitSettings;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterConfigTest {
  @Test
  void defaultsAreThoseOfTheDesign() {
    RouterConfig config = Rig.config(Map.of());
    assertThat(config.lanes()).containsExactly(Lane.INTERACTIVE, Lane.BULK);
    assertThat(config.interactive().threads()).isEqualTo(1);
    assertThat(config.bulk().threads()).isEqualTo(2);
    assertThat(config.streams().commitInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.cache().enabled()).isFalse();
    assertThat(config.cache().ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(config.cache().taskBytes()).isEqualTo(256L << 20);
    assertThat(config.cache().answerBytes()).isEqualTo(64 << 10);
    assertThat(config.interactive().queueLimit()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.interactive().defaultTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.bulk().queueLimit()).isEqualTo(Duration.ofHours(24));
    assertThat(config.pools()).isEqualTo(Pools.standard());
    assertThat(config.policy().retry().maxAttempts()).isEqualTo(3);
    assertThat(config.joining().waiters()).isEqualTo(100_000);
    assertThat(config.joining().replyBytes()).isEqualTo(256L << 20);
    assertThat(config.grace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.circuit())
        .isEqualTo(
            new CircuitSettings(3, 50, 10, Duration.ofSeconds(60), Duration.ofSeconds(30), 3, 3));
    assertThat(config.schemaRegistry()).isEqualTo(SchemaRegistry.NONE);
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> values = new HashMap<>();
    values.put("router.application-id", "other");
    values.put("router.lanes", "bulk");
    values.put("lanes.interactive.threads", "3");
    values.put("lanes.bulk.threads", "0");
    values.put("router.threads", "4");
    values.put("router.commit-interval", "PT0.5S");
    values.put("router.store", "memory");
    values.put("router.store-memory", "10000000");
    values.put("lanes.interactive.queue-limit", "PT31S");
    values.put("lanes.bulk.queue-limit", "PT25H");
    values.put("lanes.interactive.default-timeout", "PT32S");
    values.put("lanes.bulk.default-timeout", "PT33H");
    values.put("lanes.interactive.reply-retention", "PT5H");
    values.put("lanes.interactive.read-reply-retention", "PT4H");
    values.put("lanes.bulk.reply-retention", "PT6H");
    values.put("lanes.bulk.read-reply-retention", "PT2M");
    values.put("limits.execution-budget", "PT61S");
    values.put("limits.generation-budget", "PT11M");
    values.put("limits.slack", "PT6S");
    values.put("retry.max-attempts", "4");
    values.put("retry.backoff", "PT1S");
    values.put("retry.longest-backoff", "PT40S");
    values.put("limits.flight-waiters", "5");
    values.put("limits.flight-reply-bytes", "2000000");
    values.put("limits.grace", "PT12M");
    values.put("limits.tenant-in-flight", "7");
    values.put("limits.interactive-wait", "PT8S");
    values.put("limits.bulk-wait", "PT9H");
    values.put("usage.lanes", "interactive");
    values.put("router.instance-id", "router-7");
    values.put("cache.enabled", "true");
    values.put("cache.ttl", "PT2H");
    values.put("cache.task-bytes", "3000000");
    values.put("cache.answer-bytes", "4000");
    values.put("circuit.failures", "4");
    values.put("circuit.open-percent", "60");
    values.put("circuit.degraded-percent", "20");
    values.put("circuit.window", "PT30S");
    values.put("circuit.recovery-delay", "PT5S");
    values.put("circuit.probes", "2");
    values.put("circuit.successes", "5");
    values.put("schema-registry.url", "http://me:secret@registry");
    values.put("kafka.bootstrap", "k:1");
    assertThat(
            RouterConfig.settings().stream()
                .map(Setting::key)
                .filter(key -> !key.matches("kafka|routing\\..*|privacy\\..*")))
        .hasSameElementsAs(values.keySet());

    RouterConfig config = Rig.config(values);
    assertThat(config.streams())
        .isEqualTo(
            new RouterConfig.Streams(
                "other", "router-7", Duration.ofMillis(500), "memory", 10_000_000));
    assertThat(config.lanes()).containsExactly(Lane.BULK);
    assertThat(config.groups()).containsExactly("other-bulk");
    assertThat(config.interactive())
        .isEqualTo(
            new LaneSettings(
                3,
                Duration.ofSeconds(31),
                Duration.ofSeconds(32),
                Duration.ofHours(5),
                Duration.ofHours(4)));
    assertThat(config.bulk())
        .isEqualTo(
            new LaneSettings(
                4,
                Duration.ofHours(25),
                Duration.ofHours(33),
                Duration.ofHours(6),
                Duration.ofMinutes(2)));
    assertThat(config.pools().all())
        .extracting(WorkerPool::name, WorkerPool::budget)
        .containsExactly(
            tuple("embed", Duration.ofSeconds(61)),
            tuple("nli", Duration.ofSeconds(61)),
            tuple("chat", Duration.ofMinutes(11)));
    assertThat(config.slack()).isEqualTo(Duration.ofSeconds(6));
    assertThat(config.policy().retry())
        .isEqualTo(new RetrySettings(4, Duration.ofSeconds(1), Duration.ofSeconds(40)));
    assertThat(config.joining()).isEqualTo(new RouterConfig.Joining(5, 2_000_000));
    assertThat(config.grace()).isEqualTo(Duration.ofMinutes(12));
    assertThat(config.admission())
        .isEqualTo(new AdmissionLimits(Map.of(), 7, Duration.ofSeconds(8), Duration.ofHours(9)));
    assertThat(config.usage()).isEqualTo(new UsageSettings(Set.of(Lane.INTERACTIVE)));
    assertThat(config.schemaRegistry())
        .isEqualTo(new SchemaRegistry("http://registry", "me:secret"));
    assertThat(config.toString()).doesNotContain("secret");
    assertThat(config.circuit())
        .isEqualTo(
            new CircuitSettings(4, 60, 20, Duration.ofSeconds(30), Duration.ofSeconds(5), 2, 5));
    assertThat(config.cache())
        .isEqualTo(new CacheSettings(true, Duration.ofHours(2), 3_000_000, 4_000));
  }

  @ParameterizedTest
  @CsvSource({
    "router.threads, 0",
    "lanes.interactive.threads, 65",
    "lanes.bulk.threads, 65",
    "router.lanes, express",
    "router.commit-interval, PT5S",
    "router.store, tape",
    "cache.enabled, maybe",
    "limits.grace, PT1S",
    "retry.max-attempts, none",
    "retry.longest-backoff, PT0.1S",
    "circuit.degraded-percent, 50",
    "lanes.bulk.default-timeout, PT200H",
    "no-such-key, 1"
  })
  void nonsenseIsRefusedNamingTheKey(String key, String value) {
    assertThatThrownBy(() -> Rig.config(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @Test
  void bootstrapIsNeeded() {
    assertThatThrownBy(() -> Rig.config(Map.of()).withBootstrap(" "))
        .hasMessageContaining("bootstrap");
  }

  @Test
  void kafkaKeysAreClientSettings() {
    RouterConfig config = Rig.config(Map.of("kafka.ssl.key.password", "secret"));

    assertThat(config.kafka().values()).isEqualTo(Map.of("ssl.key.password", "secret"));
    assertThat(config.toString()).contains("ssl.key.password").doesNotContain("secret");
  }

  @Test
  void clientSettingsReachEveryClient() {
    RouterConfig config =
        Rig.config(
            Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "kafka.consumer.max.poll.records", "7",
                "kafka.session.timeout.ms", "9000",
                "kafka.num.standby.replicas", "1"));
    assertThat(StreamsSettings.of(Lane.BULK, config))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("consumer.max.poll.records", "7")
        .containsEntry("session.timeout.ms", "9000")
        .doesNotContainKey("consumer.session.timeout.ms")
        .containsEntry("num.standby.replicas", "1")
        .containsEntry(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
  }

  @Test
  void lanesHaveClientsOfTheirOwn() {
    RouterConfig config = Rig.config(Map.of("lanes.interactive.threads", "3"));

    assertThat(config.groups())
        .containsExactlyInAnyOrder("ratatoskr-router-interactive", "ratatoskr-router-bulk");
    assertThat(StreamsSettings.of(Lane.INTERACTIVE, config))
        .containsEntry(StreamsConfig.APPLICATION_ID_CONFIG, "ratatoskr-router-interactive")
        .containsEntry(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 3)
        .containsEntry("consumer.max.poll.records", 100);
    assertThat(StreamsSettings.of(Lane.BULK, config))
        .containsEntry(StreamsConfig.APPLICATION_ID_CONFIG, "ratatoskr-router-bulk")
        .containsEntry(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2)
        .containsEntry("consumer.max.poll.records", 1_000);
  }

  @Test
  void metersAreListed() {
    assertThat(RouterMetrics.markdown())
        .contains("| `ratatoskr_router_requests_total` | counter | lane, capability, outcome |");
  }
}
