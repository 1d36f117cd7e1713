package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ratatoskr.schemas.Domain;
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
                64,
                16 << 20,
                10_000,
                256 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ZERO,
                "none",
                Map.of()));
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
    assertThat(ClientConfig.settings()).extracting(Setting::key).hasSameElementsAs(values.keySet());
    values.put("kafka.security.protocol", "SSL");

    assertThat(ClientConfig.of(values))
        .isEqualTo(
            new ClientConfig(
                "a:1, [::1]:2",
                new Domain("mine"),
                1,
                2,
                3,
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Duration.ofMillis(7),
                "zstd",
                Map.of("security.protocol", "SSL")));
    assertThat(ClientConfig.of(values).addresses())
        .containsExactly(
            InetSocketAddress.createUnresolved("a", 1),
            InetSocketAddress.createUnresolved("::1", 2));
  }

  @Test
  void of_valueNotAllowed_namesTheKey() {
    Map.of(
            "bootstrap", "no-port",
            "domain", "ratatoskr.sys",
            "in-flight-records", "0",
            "in-flight-bytes", "0",
            "queued-calls", "-1",
            "queued-bytes", "-1",
            "connect-timeout", "PT0S",
            "expiry-grace", "-PT1S",
            "linger", "PT2S",
            "bulk-compression", "rar")
        .forEach((key, value) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientConfig.of(Map.of(key, value)))
                .withMessageContaining(key));
  }
}
