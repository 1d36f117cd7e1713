package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  @Test
  void of_takesTheKeysBehindThePrefix() {
    KafkaProperties properties =
        KafkaProperties.of(Map.of("kafka.security.protocol", "SSL", "bootstrap", "a:1"));

    assertThat(properties.values()).isEqualTo(Map.of("security.protocol", "SSL"));
    assertThat(KafkaProperties.has("kafka.security.protocol")).isTrue();
    assertThat(KafkaProperties.has("bootstrap")).isFalse();
    assertThat(KafkaProperties.of(Map.of("bootstrap", "a:1"))).isEqualTo(KafkaProperties.NONE);
  }

  @Test
  void text_hasTheKeysAlone() {
    Map<String, String> values =
        Map.of(
            "ssl.truststore.password",
            "secret",
            "sasl.jaas.config",
            PLAIN + "username=\"me\" password=\"secret phrase\";");

    assertThat(new KafkaProperties(values))
        .hasToString("[sasl.jaas.config, ssl.truststore.password]");
  }

  @Test
  void loginFromAProvider_isLeftToKafka() {
    Map<String, String> values = Map.of("sasl.jaas.config", "${file:/run/login:jaas}");

    assertThat(new KafkaProperties(values).values()).isEqualTo(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username=\"me\" password=my secret;",
        "username=\"me\" password=\"secret\"",
        "username=\"me\" password=#secret;",
        "secret",
      })
  void unreadableLogin_namesTheKeyAndKeepsTheText(String options) {
    assertThatThrownBy(() -> KafkaProperties.of(Map.of("kafka.sasl.jaas.config", PLAIN + options)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("kafka.sasl.jaas.config: must be 'MODULE required")
        .satisfies(refusal -> {
          StringWriter trace = new StringWriter();
          refusal.printStackTrace(new PrintWriter(trace));
          assertThat(trace.toString()).doesNotContain("secret");
        });
  }
}
