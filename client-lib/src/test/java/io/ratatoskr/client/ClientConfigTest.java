package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ratatoskr.client.ClientConfig.InFlight;
import io.ratatoskr.client.ClientConfig.Patience;
import io.ratatoskr.client.ClientConfig.Queued;
import io.ratatoskr.client.ClientConfig.Sending;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.Setting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientConfigTest {

  @Test
  void of_bootstrap_hasTheDefaults() {
    assertThat(ClientConfig.of("127.0.0.1:9092"))
        .isEqualTo(ClientConfig.of(Map.of()))
        .isEqualTo(
            new ClientConfig(
                "127.0.0.1:9092",
                Domain.DEFAULT,
                new InFlight(64, 16 << 20),
                new Queued(10_000, 256 << 20),
                new Patience(Duration.ofSeconds(10), Duration.ofSeconds(2)),
                new Sending(Duration.ZERO, "none"),
                SchemaRegistry.NONE,
                KafkaProperties.NONE));
  }

  @Test
  void of_everyKey_isMapped() {
    Map<String, String> values = new HashMap<>();
    values.put("bootstrap", "a:1, [::1]:2");
    values.put("domain", "mine");
    values.put("in-flight-records", "1");
    values.put("in-flight-bytes", "2");
    values.put("queued-calls", "3");
    values.put("queued-bytes", "4");
    values.put("connect-timeout", "PT5S");
    values.put("expiry-grace", "PT6S");
    values.put("linger", "PT0.007S");
    values.put("bulk-compression", "zstd");
    values.put("schema.registry.url", "https://me:secret@h");
    assertThat(ClientConfig.settings()).extracting(Setting::key).hasSameElementsAs(values.keySet());
    values.put("kafka.security.protocol", "SSL");

    assertThat(ClientConfig.of(values))
        .isEqualTo(
            new ClientConfig(
                "a:1, [::1]:2",
                new Domain("mine"),
                new InFlight(1, 2),
                new Queued(3, 4),
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(6)),
                new Sending(Duration.ofMillis(7), "zstd"),
                new SchemaRegistry("https://h", "me:secret"),
                new KafkaProperties(Map.of("security.protocol", "SSL"))));
    assertThat(ClientConfig.of(values).addresses())
        .containsExactly(
            InetSocketAddress.createUnresolved("a", 1),
            InetSocketAddress.createUnresolved("::1", 2));
  }

  @Test
  void with_changesThatAlone() {
    ClientConfig config = ClientConfig.of("a:1");
    Domain mine = new Domain("mine");

    assertThat(config.withDomain(mine)).isEqualTo(of("domain", "mine"));
    assertThat(config.withInFlight(64, 2)).isEqualTo(of("in-flight-bytes", "2"));
    assertThat(config.withQueued(10_000, 3)).isEqualTo(of("queued-bytes", "3"));
    assertThat(config.withConnectTimeout(Duration.ofSeconds(4)))
        .isEqualTo(of("connect-timeout", "PT4S"));
  }

  private static ClientConfig of(String key, String value) {
    return ClientConfig.of(Map.of("bootstrap", "a:1", key, value));
  }

  @Test
  void text_showsNoCredentials() {
    assertThat(of("schema.registry.url", "https://me:secret@h").toString())
        .contains("https://h")
        .doesNotContain("secret");
    assertThat(of("kafka.ssl.truststore.password", "secret").toString())
        .contains("ssl.truststore.password")
        .doesNotContain("secret");
  }

  @Test
  void of_valueNotAllowed_namesTheKey() {
    Map.ofEntries(
            Map.entry("bootstrap", "no-port"),
            Map.entry("domain", "ratatoskr.sys"),
            Map.entry("in-flight-records", "0"),
            Map.entry("in-flight-bytes", "0"),
            Map.entry("queued-calls", "-1"),
            Map.entry("queued-bytes", "-1"),
            Map.entry("connect-timeout", "PT0S"),
            Map.entry("expiry-grace", "-PT1S"),
            Map.entry("linger", "PT2S"),
            Map.entry("bulk-compression", "rar"),
            Map.entry("schema.registry.url", "h:8081"))
        .forEach((key, value) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientConfig.of(Map.of(key, value)))
                .withMessageContaining(key));
  }
}
