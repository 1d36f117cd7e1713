package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  private static final List<Setting<?>> KEYS = KafkaProperties.SECTION.settings();

  private static KafkaProperties of(Map<String, String> texts) {
    return KafkaProperties.of(Values.of(KEYS, texts));
  }

  @Test
  void of_takesTheKeysBehindThePrefix() {
    Map<String, String> texts =
        Map.of(
            "kafka.security.protocol", "SSL",
            "kafka.main.consumer.session.timeout.ms", "9",
            "kafka.num.standby.replicas", "1",
            "kafka.bootstrap", "a:1");

    assertThat(of(texts).values())
        .isEqualTo(
            Map.of(
                "security.protocol", "SSL",
                "main.consumer.session.timeout.ms", "9",
                "num.standby.replicas", "1"));
    assertThat(of(Map.of("kafka.bootstrap", "a:1"))).isEqualTo(KafkaProperties.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka.bootstrap.servers | kafka.bootstrap.servers: is kafka.bootstrap here",
        "kafka.acks | kafka.acks: cannot be changed: delivery rests on it",
        "kafka.producer.acks | kafka.producer.acks: cannot be changed: delivery rests on it",
        "kafka.group.instance.id | kafka.group.instance.id: is router.instance-id here",
        "kafka.max.poll.records | kafka.max.poll.records: is consumer.max.poll.records, the"
            + " router's; a worker takes what it has room for",
        "kafka.bootstrp | kafka.bootstrp: there is no such key, nor do Kafka's clients have such a"
            + " property",
        "kafka.security.protokol | kafka.security.protokol: Kafka's clients have no such property;"
            + " did you mean security.protocol?",
      })
  void of_slip_isRefused(String key, String message) {
    assertThatThrownBy(() -> of(Map.of(key, "x"))).hasMessage(message);
  }

  @Test
  void whatIsNotForOthersToSet_isRefusedInAProgramToo() {
    assertThatThrownBy(() -> new KafkaProperties(Map.of("enable.auto.commit", "true")))
        .hasMessage("kafka.enable.auto.commit: cannot be changed: delivery rests on it");
  }

  @Test
  void over_winsOverWhatAPartSets() {
    KafkaProperties said =
        new KafkaProperties(
            Map.of("linger.ms", "9", "consumer.fetch.max.bytes", "7", "fetch.max.bytes", "8"));

    assertThat(
            said.over(
                Map.of(
                    "linger.ms", 0,
                    "producer.linger.ms", 1,
                    "consumer.fetch.max.bytes", 2,
                    "restore.consumer.fetch.max.bytes", 3,
                    "acks", "all")))
        .isEqualTo(
            Map.of(
                "linger.ms", "9",
                "consumer.fetch.max.bytes", "7",
                "fetch.max.bytes", "8",
                "acks", "all"));
  }

  @Test
  void whatMayBeSecret_isHidden() {
    assertThat(KafkaProperties.SETTING.secret().test("kafka.ssl.key.password")).isTrue();
    assertThat(KafkaProperties.SETTING.secret().test("kafka.my.own.token")).isTrue();
    assertThat(KafkaProperties.SETTING.secret().test("kafka.security.protocol")).isFalse();
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
    assertThatThrownBy(() -> of(Map.of("kafka.sasl.jaas.config", PLAIN + options)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("kafka.sasl.jaas.config: must be 'MODULE required")
        .satisfies(refusal -> {
          StringWriter trace = new StringWriter();
          refusal.printStackTrace(new PrintWriter(trace));
          assertThat(trace.toString()).doesNotContain("secret");
        });
  }
}
