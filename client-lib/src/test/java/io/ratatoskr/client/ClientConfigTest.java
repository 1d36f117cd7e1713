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
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientConfigTest {

  private static ClientConfig of(Map<String, String> values) {
    return ClientConfig.of(Values.of(ClientConfig.settings(), values));
  }

  @Test
  void of_bootstrap_hasTheDefaults() {
    assertThat(ClientConfig.of("127.0.0.1:9092"))
        .isEqualTo(ClientConfig.of(Values.none()))
        .isEqualTo(
            new ClientConfig(
                "127.0.0.1:9092",
                Domain.DEFAULT,
                new InFlight(64, 16 << 20),
                new Queued(10_000, 256 << 20),
                new Patience(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(15)),
                new Sending(Duration.ZERO, "none"),
                SchemaRegistry.NONE,
                KafkaProperties.NONE));
  }

  @Test
  void of_everyKey_isMapped() {
    Map<String, String> values = new HashMap<>();
    values.put("kafka.bootstrap", "a:1, [::1]:2");
    values.put("client.domain", "mine");
    values.put("client.in-flight-records", "1");
    values.put("client.in-flight-bytes", "2");
    values.put("client.queued-calls", "3");
    values.put("client.queued-bytes", "4");
    values.put("client.connect-timeout", "PT5S");
    values.put("client.expiry-grace", "PT6S");
    values.put("client.lease", "PT8S");
    values.put("client.linger", "PT0.007S");
    values.put("client.bulk-compression", "zstd");
    values.put("schema-registry.url", "https://me:secret@h");
    assertThat(
            ClientConfig.settings().stream().map(Setting::key).filter(key -> !key.equals("kafka")))
        .hasSameElementsAs(values.keySet());
    values.put("kafka.security.protocol", "SSL");

    assertThat(of(values))
        .isEqualTo(
            new ClientConfig(
                "a:1, [::1]:2",
                new Domain("mine"),
                new InFlight(1, 2),
                new Queued(3, 4),
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(8)),
                new Sending(Duration.ofMillis(7), "zstd"),
                new SchemaRegistry("https://h", "me:secret"),
                new KafkaProperties(Map.of("security.protocol", "SSL"))));
    assertThat(of(values).addresses())
        .containsExactly(
            InetSocketAddress.createUnresolved("a", 1),
            InetSocketAddress.createUnresolved("::1", 2));
  }

  @Test
  void with_changesThatAlone() {
    ClientConfig config = ClientConfig.of("a:1");
    Domain mine = new Domain("mine");

    assertThat(config.withDomain(mine)).isEqualTo(of("client.domain", "mine"));
    assertThat(config.withInFlight(64, 2)).isEqualTo(of("client.in-flight-bytes", "2"));
    assertThat(config.withQueued(10_000, 3)).isEqualTo(of("client.queued-bytes", "3"));
    assertThat(config.withConnectTimeout(Duration.ofSeconds(4)))
        .isEqualTo(of("client.connect-timeout", "PT4S"));
  }

  private static ClientConfig of(String key, String value) {
    return of(Map.of("kafka.bootstrap", "a:1", key, value));
  }

  @Test
  void text_showsNoCredentials() {
    assertThat(of("schema-registry.url", "https://me:secret@h").toString())
        .contains("https://h")
        .doesNotContain("secret");
    assertThat(of("kafka.ssl.truststore.password", "secret").toString())
        .contains("ssl.truststore.password")
        .doesNotContain("secret");
  }

  @Test
  void of_valueNotAllowed_namesTheKey() {
    Map.ofEntries(
            Map.entry("kafka.bootstrap", "no-port"),
            Map.entry("client.domain", "ratatoskr.sys"),
            Map.entry("client.in-flight-records", "0"),
            Map.entry("client.in-flight-bytes", "0"),
            Map.entry("client.queued-calls", "-1"),
            Map.entry("client.queued-bytes", "-1"),
            Map.entry("client.connect-timeout", "PT0S"),
            Map.entry("client.expiry-grace", "-PT1S"),
            Map.entry("client.linger", "PT2S"),
            Map.entry("client.bulk-compression", "rar"),
            Map.entry("schema-registry.url", "h:8081"))
        .forEach((key, value) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of(key, value)))
                .withMessageContaining(key));
  }
}
