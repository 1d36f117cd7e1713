package io.ratatoskr.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Kafka as one test sees it: a broker, maybe shared, and a {@link #domain()} that no other test
 * uses. Topics under the domain are deleted after the test.
 */
public final class TestKafka implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final Admin admin;
  private final String domain = "test." + UUID.randomUUID().toString().substring(0, 8);

  /** Kafka as it runs there; whoever made the admin client closes it. */
  public TestKafka(String bootstrapServers, Admin admin) {
    this.bootstrapServers = bootstrapServers;
    this.admin = admin;
  }

  static Admin newAdmin(String bootstrapServers) {
    return Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /** {@code host:port} for {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** A topic prefix of this test's own, such as {@code test.3f9a1c2b}. */
  public String domain() {
    return domain;
  }

  /** An admin client; the extension closes it. */
  public Admin admin() {
    return admin;
  }

  /** Creates the topic and returns when it can be used. */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
    patiently().until(() -> created(topic));
    patiently().ignoreExceptions().until(() -> hasLeaders(name, partitions));
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .pollInSameThread();
  }

  /** False while the controller has no broker for it, as after a pause of the only one. */
  private boolean created(NewTopic topic) {
    try {
      await(() -> admin.createTopics(List.of(topic)).all().get());
      return true;
    } catch (InvalidReplicationFactorException e) {
      return false;
    }
  }

  private boolean hasLeaders(String topic, int partitions) throws Exception {
    var infos = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    return infos != null
        && infos.partitions().size() == partitions
        && infos.partitions().stream()
            .allMatch(info -> info.leader() != null && !info.leader().isEmpty());
  }

  /** Writes the record with {@code acks=all} and returns where it lies. */
  public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    Map<String, Object> config =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, "linger.ms", 0);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      return await(() -> producer.send(record).get());
    }
  }

  /**
   * The topic's records from its beginning, partition by partition in order: all that a poll
   * brought until there were at least {@code count}.
   *
   * @throws org.awaitility.core.ConditionTimeoutException if there are fewer after a minute
   */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    return read(topic, records -> records.size() >= count);
  }

  /**
   * The topic's records from its beginning, partition by partition in order: all that a poll
   * brought until they were enough.
   *
   * @throws org.awaitility.core.ConditionTimeoutException if they are not after a minute
   */
  public List<ConsumerRecord<byte[], byte[]>> read(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      patiently()
          .until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            return enough.test(records);
          });
    }
    return records;
  }

  /** Deletes the topics under this test's domain. */
  @Override
  public void close() {
    Set<String> mine =
        await(() -> admin.listTopics().names().get()).stream()
            .filter(name -> name.startsWith(domain))
            .collect(Collectors.toSet());
    if (!mine.isEmpty()) {
      await(() -> admin.deleteTopics(mine).all().get());
    }
  }

  private interface Answerable<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  private static <T> T await(Answerable<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while waiting for Kafka", e);
    }
  }
}
