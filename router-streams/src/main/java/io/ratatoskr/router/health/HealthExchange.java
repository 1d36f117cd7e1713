package io.ratatoskr.router.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.catalog.HealthFollower;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.CircuitStatus;
import io.ratatoskr.schemas.wire.OutcomeCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries this router's counts to the owners of the circuits, and tells all routers how the
 * circuits stand that it owns itself. Every 250 ms, on a thread of its own.
 *
 * <pre>
 *   Tally of each router ──► outcomes, by pool and model ──► HealthBook of one router
 *   HealthFollower of each router ◄── health, compacted ◄─────────┘
 * </pre>
 *
 * The routers are a consumer group of {@code outcomes}: who has a partition owns its keys. Who gets
 * one goes on from what {@code health} says, so it first reads that to its end.
 */
public final class HealthExchange implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthExchange.class);

  static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration LOOK_UP = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final TopicPartition HEALTH = new TopicPartition(Topics.health(), 0);

  private final Map<String, Object> kafka;
  private final Admin admin;
  private final String group;
  private final String router;
  private final Tally tally;
  private final HealthFollower health;
  private final CircuitSettings settings;
  private final Clock clock;
  private final Codec<OutcomeCounts> counts;
  private final Codec<CircuitStatus> statuses;
  private final Thread thread = new Thread(this::run, "health");
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
  private volatile boolean closed;

  /**
   * An exchange that does not run yet.
   *
   * @param kafka properties of its consumer and producer, {@code bootstrap.servers} and {@code
   *     client.id} among them
   * @param admin looks up where topics end
   * @param group the routers that share the work
   * @param router id of this one
   */
  public HealthExchange(
      Map<String, ?> kafka,
      SchemaIds ids,
      Admin admin,
      String group,
      String router,
      Tally tally,
      HealthFollower health,
      CircuitSettings settings,
      Clock clock) {
    this.kafka = new HashMap<>(kafka);
    this.admin = admin;
    this.group = group;
    this.router = router;
    this.tally = tally;
    this.health = health;
    this.settings = settings;
    this.clock = clock;
    this.counts = Codec.of(OutcomeCounts.class, ids);
    this.statuses = Codec.of(CircuitStatus.class, ids);
    thread.setDaemon(true);
  }

  /** Begins; nothing waits for it. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(
                  consuming(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  producing(), new ByteArraySerializer(), new ByteArraySerializer())) {
        reading = consumer;
        new Session(consumer, producer).run();
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (!closed) {
          LOG.warn("Cannot exchange the health of models with other routers; trying again", e);
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(AFTER_FAILURE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Object> consuming() {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
    properties.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 1_000);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  private Map<String, Object> producing() {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, AFTER_FAILURE.toMillis());
    return properties;
  }

  /** The time between two failures of Kafka: what it owned before is owned by nobody after. */
  private final class Session implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final HealthBook book = new HealthBook(settings);
    private final Set<TopicPartition> takenOver = new HashSet<>();
    private final int partitions;
    private long readTo;
    private long nextMs;

    Session(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
      this.consumer = consumer;
      this.producer = producer;
      this.partitions = consumer.partitionsFor(Topics.outcomes()).size();
    }

    void run() {
      consumer.subscribe(List.of(Topics.outcomes()), this);
      while (!closed) {
        long wait = Math.max(1, Math.min(nextMs - clock.millis(), EVERY.toMillis()));
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(wait))) {
          read(record);
        }
        if (!takenOver.isEmpty() && health.hasRead(readTo)) {
          book.take(health.get(), of -> takenOver.contains(partition(of)), clock.millis());
          consumer.resume(takenOver);
          takenOver.clear();
        }
        long now = clock.millis();
        if (now >= nextMs || nextMs - now > EVERY.toMillis()) {
          nextMs = now + EVERY.toMillis();
          tally.drain().forEach(this::send);
          book.changes(health.get(), now).forEach(this::tell);
        }
      }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
      long now = clock.millis();
      if (record.key() == null
          || record.value() == null
          || now - record.timestamp() > settings.window().toMillis()) {
        return;
      }
      try {
        OutcomeCounts report = counts.decode(record.value(), record.headers());
        ModelOfPool.ofKey(new String(record.key(), UTF_8))
            .ifPresent(
                of -> book.report(of, report.getRouter(), OutcomeReport.ofWire(report), now));
      } catch (UndecodableRecordException | SchemaRegistryException e) {
        LOG.warn("The counts at offset {} cannot be read: {}", record.offset(), e.getMessage());
      }
    }

    private void send(ModelOfPool of, OutcomeReport report) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              Topics.outcomes(),
              partition(of).partition(),
              of.key().getBytes(UTF_8),
              counts.encode(report.toWire(router)));
      counts.describe(record.headers());
      send(record);
    }

    private void tell(ModelOfPool of, Optional<Standing> standing) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              Topics.health(),
              HEALTH.partition(),
              of.key().getBytes(UTF_8),
              standing.map(each -> statuses.encode(each.toWire())).orElse(null));
      statuses.describe(record.headers());
      send(record);
    }

    /** Never waits: counts that are lost are few, and a state that is lost is told again. */
    private void send(ProducerRecord<byte[], byte[]> record) {
      var _ =
          producer.send(
              record,
              (at, failure) -> {
                if (failure != null && !closed) {
                  LOG.warn("Cannot write to {}: {}", record.topic(), failure.toString());
                }
              });
    }

    private TopicPartition partition(ModelOfPool of) {
      int hash = Utils.toPositive(Utils.murmur2(of.key().getBytes(UTF_8)));
      return new TopicPartition(Topics.outcomes(), hash % partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      if (!assigned.isEmpty()) {
        readTo = told();
        takenOver.addAll(assigned);
        consumer.pause(assigned);
      }
    }

    /** The end of what all owners have told. */
    private long told() {
      try {
        return admin
            .listOffsets(Map.of(HEALTH, OffsetSpec.latest()))
            .partitionResult(HEALTH)
            .get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS)
            .offset();
      } catch (ExecutionException | TimeoutException e) {
        throw new KafkaException("the end of " + HEALTH + " cannot be looked up", e);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      takenOver.removeAll(revoked);
      book.drop(of -> revoked.contains(partition(of)));
    }
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
