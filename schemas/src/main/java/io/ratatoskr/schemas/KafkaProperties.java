package io.ratatoskr.schemas;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Spelling;
import io.ratatoskr.settings.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Properties of every Kafka client of a part, such as those for TLS and SASL. They win over those
 * that a part sets itself, see {@link #over}; the few that delivery rests on, or that have a key of
 * their own, are refused by name. Their values may be secrets: the text has the keys alone.
 *
 * @param values by Kafka's own keys, such as {@code security.protocol}
 */
public record KafkaProperties(Map<String, String> values) {
  /** No properties but those that a part sets itself. */
  public static final KafkaProperties NONE = new KafkaProperties(Map.of());

  private static final String PREFIX = "kafka.";

  /** Before a property, Kafka Streams takes it for one kind of its clients alone. */
  private static final List<String> PARTS =
      List.of(
          "main.consumer.",
          "restore.consumer.",
          "global.consumer.",
          "consumer.",
          "producer.",
          "admin.");

  private static final Map<String, ConfigDef.Type> KNOWN = known();

  private static final String FIXED = "cannot be changed: delivery rests on it";

  /**
   * The properties that only Ratatoskr sets, for some clients or for all, each with the message to
   * whoever sets it.
   */
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "is kafka.bootstrap here"),
          Map.entry("application.id", "is router.application-id here"),
          Map.entry("group.instance.id", "is router.instance-id here"),
          Map.entry("commit.interval.ms", "is router.commit-interval here"),
          Map.entry(
              "num.stream.threads", "is lanes.interactive.threads and lanes.bulk.threads here"),
          Map.entry("state.dir", "is the data folder's"),
          // Nothing lost on the way in or out.
          Map.entry("acks", FIXED),
          Map.entry("enable.idempotence", FIXED),
          Map.entry("transactional.id", FIXED),
          Map.entry("delivery.timeout.ms", FIXED),
          Map.entry("max.request.size", FIXED),
          Map.entry("production.exception.handler", FIXED),
          Map.entry("task.timeout.ms", FIXED),
          // Who gets a record, and when it is done.
          Map.entry("group.id", FIXED),
          Map.entry("group.protocol", FIXED),
          Map.entry("partition.assignment.strategy", FIXED),
          Map.entry("share.acknowledgement.mode", FIXED),
          Map.entry("share.acquire.mode", FIXED),
          Map.entry("enable.auto.commit", FIXED),
          Map.entry("auto.offset.reset", FIXED),
          Map.entry("allow.auto.create.topics", FIXED),
          // The replay of a router, docs/delivery.md.
          Map.entry("processing.guarantee", FIXED),
          Map.entry("statestore.cache.max.bytes", FIXED),
          Map.entry("default.timestamp.extractor", FIXED),
          Map.entry("key.serializer", FIXED),
          Map.entry("value.serializer", FIXED),
          Map.entry("key.deserializer", FIXED),
          Map.entry("value.deserializer", FIXED));

  /** A worker takes as many records as it has room for. */
  private static final String POLL_RECORDS = "max.poll.records";

  /** A name, or an address, of IPv6 in brackets; and a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[[0-9a-fA-F:.%]+]|[^\\s:/\\[\\]]+):([0-9]{1,5})");

  /** Where Kafka is. */
  public static final Setting<String> BOOTSTRAP =
      Setting.text(
          "kafka.bootstrap",
          "127.0.0.1:9092",
          "host:port, several separated by commas",
          KafkaProperties::areAddresses,
          "Brokers to connect to first.");

  /** All other properties. */
  public static final Setting<Map<String, String>> SETTING =
      Setting.<String>table(
              "kafka",
              List.of("bootstrap"),
              "properties of Kafka's clients",
              KafkaProperties::checked,
              "Any other key goes to every Kafka client of the process: `security.protocol ="
                  + " \"SASL_SSL\"`, `ssl.truststore.location = \"...\"`; before a key,"
                  + " `consumer.` or `producer.` means the router's alone. It wins over what a part"
                  + " sets itself; what delivery rests on, such as `acks`, is refused.")
          .hiddenWhere(KafkaProperties::maybeSecret);

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section("kafka", "For every part.", List.of(BOOTSTRAP, SETTING));

  private static boolean areAddresses(String text) {
    return Arrays.stream(text.split(",", -1)).allMatch(KafkaProperties::isAddress);
  }

  private static boolean isAddress(String text) {
    Matcher parts = ADDRESS.matcher(text.strip());
    if (!parts.matches()) {
      return false;
    }
    int port = Integer.parseInt(parts.group(1));
    return port >= 1 && port <= 65_535;
  }

  /**
   * Keeps a copy.
   *
   * @throws InvalidSettingException naming the key, and not the text, where it is not for others to
   *     set, or Kafka cannot read a {@code sasl.jaas.config}
   */
  public KafkaProperties {
    values = Map.copyOf(values);
    values.keySet().forEach(KafkaProperties::refuseOurs);
    String login = values.get(SaslConfigs.SASL_JAAS_CONFIG);
    // Kafka's own refusal, when a client is made, quotes what follows a blank in a password.
    if (login != null && !isReadable(login)) {
      throw new InvalidSettingException(
          PREFIX + SaslConfigs.SASL_JAAS_CONFIG,
          "must be 'MODULE required KEY=\"VALUE\" ...;': put each value into double quotes"
              + " and a semicolon at the end");
    }
  }

  private static void refuseOurs(String name) {
    String problem = OURS.get(bare(name));
    if (problem == null && name.equals(POLL_RECORDS)) {
      problem = "is consumer.max.poll.records, the router's; a worker takes what it has room for";
    }
    if (problem != null) {
      throw new InvalidSettingException(PREFIX + name, problem);
    }
  }

  /**
   * The properties of a client: a part's own, and over them these. What is said here without a part
   * of Kafka Streams wins over what is set for one.
   *
   * @param own what a part sets itself
   */
  public Map<String, Object> over(Map<String, ?> own) {
    Map<String, Object> all = new HashMap<>(own);
    values.keySet().forEach(name -> PARTS.forEach(part -> all.remove(part + name)));
    all.putAll(values);
    return all;
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
   * The value of one property, if its name is one of Kafka's or may be somebody else's.
   *
   * @throws InvalidSettingException naming the key, where the name is a slip
   */
  private static String checked(String name, String text) {
    refuseOurs(name);
    String bare = bare(name);
    if (KNOWN.containsKey(bare)) {
      return text;
    }
    Optional<String> meant = Spelling.nearest(bare, KNOWN.keySet().stream());
    if (meant.isPresent()) {
      throw new InvalidSettingException(
          PREFIX + name,
          "Kafka's clients have no such property; did you mean " + meant.get() + "?");
    }
    if (!bare.contains(".")) {
      throw new InvalidSettingException(
          PREFIX + name, "there is no such key, nor do Kafka's clients have such a property");
    }
    return text;
  }

  /** The name without the part of Kafka Streams that it is for. */
  private static String bare(String name) {
    for (String part : PARTS) {
      if (name.startsWith(part)) {
        return name.substring(part.length());
      }
    }
    return name;
  }

  /** Whether the value may be a secret, also where nobody knows the property. */
  private static boolean maybeSecret(String key) {
    ConfigDef.Type type = KNOWN.get(bare(key.substring(PREFIX.length())));
    return type == null || type == ConfigDef.Type.PASSWORD;
  }

  private static Map<String, ConfigDef.Type> known() {
    Map<String, ConfigDef.Type> known = new HashMap<>();
    for (ConfigDef client :
        List.of(
            ConsumerConfig.configDef(),
            ProducerConfig.configDef(),
            AdminClientConfig.configDef())) {
      client.configKeys().forEach((name, key) -> known.put(name, key.type));
    }
    return known;
  }

  /**
   * Those among {@code values}, which may hold other keys.
   *
   * @throws InvalidSettingException naming the key that Kafka cannot read
   */
  public static KafkaProperties of(Values values) {
    return values.locate(() -> new KafkaProperties(SETTING.of(values)));
  }

  @Override
  public String toString() {
    return new TreeSet<>(values.keySet()).toString();
  }
}
