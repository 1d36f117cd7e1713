package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.ModelState;
import io.ratatoskr.schemas.wire.ModelStatus;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the catalog who this worker is, what it serves, and that it lives; hears from the
 * acknowledgements that the broker does.
 */
final class Heartbeat implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final long FAREWELL_SECONDS = 10;

  private final Producer<byte[], byte[]> producer;
  private final Codec<WorkerStatus> statuses;
  private final WorkerConfig config;
  private final Engine<?> engine;
  private final DoubleSupplier itemsPerSecond;
  private final Supplier<List<String>> queues;
  private final Clock clock;
  private final long startedMs;
  private final BrokerWatch broker;
  private final Stop stop;

  Heartbeat(
      Producer<byte[], byte[]> producer,
      Codec<WorkerStatus> statuses,
      WorkerConfig config,
      Engine<?> engine,
      DoubleSupplier itemsPerSecond,
      Supplier<List<String>> queues,
      Clock clock,
      BrokerWatch broker,
      Stop stop) {
    this.producer = producer;
    this.statuses = statuses;
    this.config = config;
    this.engine = engine;
    this.itemsPerSecond = itemsPerSecond;
    this.queues = queues;
    this.clock = clock;
    this.startedMs = clock.millis();
    this.broker = broker;
    this.stop = stop;
  }

  @Override
  public void run() {
    try {
      do {
        try {
          beat();
        } catch (RuntimeException e) {
          LOG.warn("No heartbeat could be sent; trying again", e);
        }
      } while (!stop.pause(config.heartbeat()));
    } catch (InterruptedException e) {
      LOG.info("The heartbeat was interrupted");
    }
  }

  private void beat() {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.catalog(), key(), statuses.encode(status()));
    statuses.describe(record.headers());
    var _ =
        producer.send(
            record,
            (written, failure) -> {
              if (failure == null) {
                broker.answered();
              } else {
                LOG.warn("A heartbeat was not written: {}", failure.toString());
              }
            });
  }

  private byte[] key() {
    return config.workerId().getBytes(UTF_8);
  }

  WorkerStatus status() {
    return WorkerStatus.newBuilder()
        .setWorker(config.workerId())
        .setPool(config.pool())
        .setCapabilities(names(engine.capabilities()))
        .setAnyModel(names(engine.anyModel()))
        .setModels(models())
        .setMaker(engine.maker())
        .setQueues(queues.get())
        .setStartedMs(startedMs)
        .setClockMs(clock.millis())
        .setItemsPerSecond(itemsPerSecond.getAsDouble())
        .setVersion(
            Objects.requireNonNullElse(
                Heartbeat.class.getPackage().getImplementationVersion(), "unreleased"))
        .build();
  }

  private static List<String> names(Set<Capability> capabilities) {
    return capabilities.stream().map(Capability::topicName).sorted().toList();
  }

  private List<ModelStatus> models() {
    return engine.models().stream()
        .map(model ->
            ModelStatus.newBuilder()
                .setId(model.id())
                .setState(
                    switch (model.readiness()) {
                      case UNAVAILABLE -> ModelState.UNAVAILABLE;
                      case LOADING -> ModelState.LOADING;
                      case READY -> ModelState.READY;
                    })
                .setReason(model.reasonOrNull())
                .setRevision(model.revision())
                .setSpaceId(model.spaceId())
                .setDimensions(model.dimensions())
                .setMaxTokens(model.maxTokens())
                .setCapabilities(names(model.capabilities()))
                .setLocation(model.location())
                .setPromptPrice(model.priceOrNull() == null ? null : model.priceOrNull().prompt())
                .setAnswerPrice(
                    model.priceOrNull() == null ? null : model.priceOrNull().completion())
                .build())
        .toList();
  }

  /** Takes the worker out of the catalog. */
  void farewell() throws InterruptedException {
    try {
      producer
          .send(new ProducerRecord<>(Topics.catalog(), key(), null))
          .get(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      LOG.warn("The worker stays in the catalog until its heartbeats are missed", e);
    }
  }
}
