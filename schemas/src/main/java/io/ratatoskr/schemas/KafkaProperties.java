package io.ratatoskr.schemas;

import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Properties of every Kafka client of a part, such as those for TLS and SASL. Their values may be
 * secrets: the text has the keys alone.
 *
 * @param values by Kafka's own keys, such as {@code security.protocol}
 */
public record KafkaProperties(Map<String, String> values) {
  /** No properties but those that a part sets itself. */
  public static final KafkaProperties NONE = new KafkaProperties(Map.of());

  private static final String PREFIX = "kafka.";

  /**
   * Keeps a copy.
   *
   * @throws IllegalArgumentException naming the key, and not the text, where Kafka cannot read a
   *     {@code sasl.jaas.config}
   */
  public KafkaProperties {
    values = Map.copyOf(values);
    String login = values.get(SaslConfigs.SASL_JAAS_CONFIG);
    // Kafka's own refusal, when a client is made, quotes what follows a blank in a password.
    if (login != null && !isReadable(login)) {
      throw new IllegalArgumentException(
          PREFIX
              + SaslConfigs.SASL_JAAS_CONFIG
              + ": must be 'MODULE required KEY=\"VALUE\" ...;': put each value into double quotes"
              + " and a semicolon at the end");
    }
  }

  private static boolean isReadable(String login) {
    if (login.contains("${")) {
      return true; // a config provider of Kafka puts the text in
    }
    try {
      JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login)));
      return true;
    } catch (IllegalArgumentException | KafkaException e) {
      return false;
    }
  }

  /**
   * Whether a key is a property of the Kafka clients: {@code kafka.} with Kafka's key behind it.
   */
  public static boolean has(String key) {
    return key.startsWith(PREFIX);
  }

  /** Those among {@code values}, which may hold other keys. */
  public static KafkaProperties of(Map<String, String> values) {
    return new KafkaProperties(
        values.entrySet().stream()
            .filter(entry -> has(entry.getKey()))
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().substring(PREFIX.length()), Map.Entry::getValue)));
  }

  @Override
  public String toString() {
    return new TreeSet<>(values.keySet()).toString();
  }
}
