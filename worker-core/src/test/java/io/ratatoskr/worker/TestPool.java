package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.InputType;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Truncation;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.testkit.TestKafka;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A pool of its own on a broker: sends work as the router would, and reads results as it would. The
 * text of an item names its attempt.
 */
public final class TestPool implements AutoCloseable {
  public static final Duration BUDGET = Duration.ofSeconds(60);

  private final TestKafka kafka;
  private final String pool = "p" + UUID.randomUUID().toString().substring(0, 8);
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Codec<WorkItem> items = Codec.of(WorkItem.class, SchemaIds.derived());
  private final Codec<WorkResult> results = Codec.of(WorkResult.class, SchemaIds.derived());
  private final Codec<EmbedRequest> requests = Codec.of(EmbedRequest.class, SchemaIds.derived());
  private final List<Result> read = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

  /** A result and the record that it came in. */
  public record Result(Lane lane, int partition, String text, WorkResult result) {}

  public TestPool(TestKafka kafka) {
    this(kafka, 1);
  }

  public TestPool(TestKafka kafka, int workPartitions) {
    this.kafka = kafka;
    Deployment deployment = Deployment.allInOne();
    List<TopicSpec> specs =
        Topics.of(
            deployment,
            Map.of(Lane.INTERACTIVE, Duration.ofHours(1)),
            Map.of(pool, workPartitions));
    for (TopicSpec spec : specs) {
      if (spec.name().startsWith("ratatoskr.sys.")
          || spec.name().equals(requestTopic(Lane.INTERACTIVE))) {
        create(spec);
      }
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      for (int i = 0; i < deployment.partitions(); i++) {
        partitions.add(new TopicPartition(Topics.results(lane), i));
      }
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  private void create(TopicSpec spec) {
    try {
      kafka.createTopic(spec.name(), spec.partitions(), spec.config());
    } catch (TopicExistsException e) {
      // Another test of this class has made it.
    }
  }

  static String requestTopic(Lane lane) {
    return Topics.requests(Domain.DEFAULT, lane, Capability.EMBED);
  }

  public String name() {
    return pool;
  }

  public TestKafka kafka() {
    return kafka;
  }

  /** Settings that make recovery visible within seconds. */
  public WorkerConfig config(WorkerConfig.QueueChoice queue) {
    return WorkerConfig.of(
        Map.of(
            "bootstrap",
            kafka.bootstrapServers(),
            "worker-pool",
            pool,
            "worker-queue",
            queue.name().toLowerCase(Locale.ROOT),
            "worker-lock",
            "PT2S",
            "worker-session-timeout",
            "PT2S"));
  }

  EmbedRequest request(String... texts) {
    return new EmbedRequest(
        HashEngine.MODEL,
        InputType.DOCUMENT,
        Truncation.ERROR,
        Arrays.stream(texts).map(text -> new Item(new Text(text))).toList());
  }

  /** A work item whose payload is the texts. */
  public WorkItem.Builder item(String... texts) {
    long now = System.currentTimeMillis();
    return WorkItem.newBuilder()
        .setGeneration(1)
        .setAttempt(1)
        .setSource(new Source(requestTopic(Lane.INTERACTIVE), 1, 0L))
        .setCapability("embed")
        .setTenant("")
        .setDeadlineMs(now + 60_000)
        .setQueueUntilMs(now + 60_000)
        .setBudgetMs(BUDGET.toMillis())
        .setDispatchedMs(now)
        .setPayload(ByteBuffer.wrap(requests.encode(request(texts))));
  }

  /** Sends work; {@code name} stands for its fingerprint. */
  public void send(Lane lane, String name, WorkItem item) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.work(lane, pool), key(name), items.encode(item));
    items.describe(record.headers());
    var _ = producer.send(record);
  }

  public void send(Lane lane, String... texts) {
    for (String text : texts) {
      send(lane, text, item(text).build());
    }
    producer.flush();
  }

  /** Puts bytes that are no work item on the work topic. */
  public void sendGarbage(Lane lane) {
    var _ =
        producer.send(
            new ProducerRecord<>(
                Topics.work(lane, pool), key("garbage"), "garbage".getBytes(UTF_8)));
    producer.flush();
  }

  /** Appends a request record and says where it is. */
  public Source sendRequest(String text) throws ExecutionException, InterruptedException {
    String topic = requestTopic(Lane.INTERACTIVE);
    var written =
        producer
            .send(new ProducerRecord<>(topic, 0, key(text), requests.encode(request(text))))
            .get();
    return new Source(topic, 0, written.offset());
  }

  private byte[] key(String name) {
    return keys.computeIfAbsent(name, TestPool::sha256);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What has been published for this pool's work so far, in order of reading. */
  public List<Result> results() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
      String name =
          keys.entrySet().stream()
              .filter(entry -> Arrays.equals(entry.getValue(), record.key()))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse("");
      if (!name.isEmpty()) {
        Lane lane = record.topic().equals(Topics.results(Lane.BULK)) ? Lane.BULK : Lane.INTERACTIVE;
        read.add(
            new Result(
                lane, record.partition(), name, results.decode(record.value(), record.headers())));
      }
    }
    return List.copyOf(read);
  }

  /** The results without claims. */
  public List<Result> outcomes() {
    return results().stream()
        .filter(result -> !(result.result().getOutcome() instanceof Started))
        .toList();
  }

  public Set<String> outcomeNames() {
    return outcomes().stream().map(Result::text).collect(Collectors.toSet());
  }

  public List<Result> outcomesOf(String name) {
    return outcomes().stream().filter(result -> result.text().equals(name)).toList();
  }

  /** Waits until each of these has an outcome. */
  public void awaitOutcomes(List<String> names) {
    await().untilAsserted(() -> assertThat(outcomeNames()).containsAll(names));
  }

  /** The one outcome of that work. */
  public Object awaitOutcome(String name) {
    await().until(() -> !outcomesOf(name).isEmpty());
    return outcomesOf(name).getFirst().result().getOutcome();
  }

  public static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .pollInSameThread();
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
