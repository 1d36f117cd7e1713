package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.AbortedFlight;
import io.ratatoskr.schemas.wire.AbortedJob;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
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
import org.jspecify.annotations.Nullable;

/**
 * A pool of its own on a broker: sends work as the router would, and reads results as it would. The
 * name of a request names its attempt.
 */
public final class TestPool implements AutoCloseable {
  public static final Duration BUDGET = Duration.ofSeconds(60);

  /** For locks and sessions that a test waits to see end. */
  static final Duration BRIEF = Duration.ofSeconds(2);

  /** For those that shall outlast a pause of the machine. */
  static final Duration LASTING = Duration.ofSeconds(30);

  /** The candidate that its work is meant for; comes back with each result. */
  static final int LINK = 2;

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final TestKafka kafka;
  private final TestWork work;
  private final String pool = "p" + UUID.randomUUID().toString().substring(0, 8);
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Codec<WorkItem> items = Codec.of(WorkItem.class, SchemaIds.derived());
  private final Codec<WorkResult> results = Codec.of(WorkResult.class, SchemaIds.derived());
  private final Codec<Abort> aborts = Codec.of(Abort.class, SchemaIds.derived());
  private final Codec<DeadLetter> deadLetters = Codec.of(DeadLetter.class, SchemaIds.derived());
  private final List<Result> read = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

  /** A result and the record that it came in. */
  public record Result(Lane lane, int partition, String name, WorkResult result) {}

  /** A pool for {@link HashWork}. */
  public TestPool(TestKafka kafka) {
    this(kafka, new HashWork());
  }

  /**
   * Creates its topics where they are missing.
   *
   * @param work what its items ask for
   */
  public TestPool(TestKafka kafka, TestWork work) {
    this.kafka = kafka;
    this.work = work;
    Deployment deployment = Deployment.allInOne();
    List<TopicSpec> specs =
        Topics.of(
            deployment,
            EnumSet.allOf(Lane.class),
            Map.of(
                Lane.INTERACTIVE, new Topics.LaneTimes(Duration.ofHours(1), Duration.ofHours(1))),
            new Pools(List.of(pool())));
    for (TopicSpec spec : specs) {
      if (spec.name().startsWith("ratatoskr.sys.") || spec.name().equals(requestTopic())) {
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

  private WorkerPool pool() {
    return new WorkerPool(
        pool, Set.of(work.capability()), WorkerPool.Taking.SHARED, BUDGET, Location.LOCAL);
  }

  private void create(TopicSpec spec) {
    try {
      kafka.createTopic(spec.name(), spec.partitions(), spec.config());
    } catch (TopicExistsException e) {
      // Another test of this class has made it.
    }
  }

  private String requestTopic() {
    return Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, work.capability());
  }

  public String name() {
    return pool;
  }

  public TestKafka kafka() {
    return kafka;
  }

  TestWork work() {
    return work;
  }

  /** Settings by which no worker loses what it holds while it lives. */
  public WorkerConfig config(WorkerConfig.QueueChoice queue) {
    return config(queue, LASTING, LASTING);
  }

  /** Settings by which the work of a lost worker is found after that lock or that session. */
  WorkerConfig config(WorkerConfig.QueueChoice queue, Duration lock, Duration session) {
    return WorkerConfig.of(
        Values.of(
            WorkerConfig.settings(),
            Map.of(
                "kafka.bootstrap",
                kafka.bootstrapServers(),
                "workers.pool",
                pool,
                "workers.queue",
                queue.name().toLowerCase(Locale.ROOT),
                "workers.lock",
                lock.toString(),
                "workers.session-timeout",
                session.toString())));
  }

  /** A work item whose payload is the request of that name. */
  public WorkItem.Builder item(String name) {
    return item(new Source(requestTopic(), 1, 0L)).setPayload(ByteBuffer.wrap(work.request(name)));
  }

  /** The same as part of a job. */
  WorkItem.Builder item(String name, JobEpoch job) {
    return item(name).setJob(job.job()).setJobEpoch(job.epoch());
  }

  /**
   * Says, as the router would, that nobody wants these attempts any more; returns when it is known.
   */
  void abort(Lane lane, String name, int attempt) {
    abort(key(name), new Abort(lane.topicName(), new AbortedFlight(1, attempt)));
  }

  /** Says, as the router would, that a job is cancelled. */
  void abort(Lane lane, JobEpoch job) {
    abort(
        null,
        new Abort(
            lane.topicName(), new AbortedJob(Domain.DEFAULT.prefix(), job.job(), job.epoch())));
  }

  private void abort(byte @Nullable [] key, Abort abort) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.aborts(), key, aborts.encode(abort));
    aborts.describe(record.headers());
    kafka.send(record);
  }

  /** A work item without a payload, whose request is to be read from there. */
  WorkItem.Builder item(Source source) {
    long now = System.currentTimeMillis();
    return WorkItem.newBuilder()
        .setGeneration(1)
        .setAttempt(1)
        .setLink(LINK)
        .setSource(source)
        .setCapability(work.capability().topicName())
        .setModel(work.model())
        .setTenant("")
        .setDeadlineMs(now + DEADLINE.toMillis())
        .setQueueUntilMs(now + DEADLINE.toMillis())
        .setBudgetMs(BUDGET.toMillis())
        .setDispatchedMs(now)
        .setPayload(null);
  }

  /** Makes the topics of a queue of this pool. */
  void createQueue(String queue) {
    Topics.ofQueues(
            EnumSet.allOf(Lane.class), Map.of(), Map.of(pool, 1), Map.of(pool, Set.of(queue)))
        .forEach(this::create);
  }

  /** Sends work; {@code name} stands for its fingerprint. */
  public void send(Lane lane, String name, WorkItem item) {
    send(lane, "", name, item);
  }

  /** Sends work to a queue of this pool; empty for its own. */
  void send(Lane lane, String queue, String name, WorkItem item) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.work(lane, pool, queue), key(name), items.encode(item));
    items.describe(record.headers());
    var _ = producer.send(record);
  }

  /** Sends the requests of those names. */
  public void send(Lane lane, String... names) {
    for (String name : names) {
      send(lane, name, item(name).build());
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
  public Source sendRequest(String name) throws ExecutionException, InterruptedException {
    String topic = requestTopic();
    var written =
        producer.send(new ProducerRecord<>(topic, 0, key(name), work.request(name))).get();
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
    return outcomes().stream().map(Result::name).collect(Collectors.toSet());
  }

  public List<Result> outcomesOf(String name) {
    return outcomes().stream().filter(result -> result.name().equals(name)).toList();
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

  /** What settles that work: a failure for now is sent again, as the router would. */
  Object awaitSettled(String name, WorkItem item) {
    Object outcome = awaitOutcome(1, name, item);
    for (int sent = 2; sent <= 5 && outcome instanceof Retryable; sent++) {
      outcome = awaitOutcome(sent, name, item);
    }
    return outcome;
  }

  private Object awaitOutcome(int sent, String name, WorkItem item) {
    send(Lane.INTERACTIVE, name, item);
    await().until(() -> outcomesOf(name).size() >= sent);
    return outcomesOf(name).getLast().result().getOutcome();
  }

  /** Waits until a record of that lane's work topic is a dead letter, and returns all that are. */
  List<DeadLetter> awaitDeadLetters(Lane lane) {
    String topic = Topics.work(lane, pool);
    return await().until(() -> deadLetters(topic), found -> !found.isEmpty());
  }

  private List<DeadLetter> deadLetters(String topic) {
    return kafka.read(Topics.deadLetters(), 1).stream()
        .map(record -> deadLetters.decode(record.value(), record.headers()))
        .filter(letter -> letter.getTopic().equals(topic))
        .toList();
  }

  public static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(5))
        .pollInSameThread();
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
