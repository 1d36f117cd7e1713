package io.ratatoskr.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: takes a pool's work, has an engine run it, and publishes what became of it. It
 * survives restarts of the broker; the work of a worker that dies is found again by the group or by
 * the router.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);
  private static final Duration SOURCE_PATIENCE = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final Duration LAST_OUTCOMES = Duration.ofSeconds(10);

  /** Polls before the speed is known; a bulk record holds some thirty items. */
  private static final Map<Lane, Integer> FIRST_POLL = Map.of(Lane.INTERACTIVE, 16, Lane.BULK, 2);

  private final WorkerConfig config;
  private final BulkGate gate;
  private final boolean shared;
  private final KafkaProducer<byte[], byte[]> producer;
  private final SourceReader sources;
  private final ExecutorService publishing;
  private final Execution<?> execution;
  private final Heartbeat heartbeat;
  private final Stop taking = new Stop();
  private final Stop beating = new Stop();
  private final ClientProperties clients;
  private final List<LaneLoops<?>> lanes = new ArrayList<>();
  private final Thread heartbeats;
  private final Thread abortsReading;
  private final AtomicBoolean closed = new AtomicBoolean();

  private <T> Worker(
      WorkerConfig config,
      boolean shared,
      ClientProperties clients,
      WorkerCodecs codecs,
      Engine<T> engine,
      WorkerMetrics metrics,
      Clock clock,
      RandomGenerator random) {
    this.config = config;
    this.shared = shared;
    this.clients = clients;
    this.producer = clients.producer();
    this.sources = new SourceReader(clients::sourceConsumer, SOURCE_PATIENCE);
    this.publishing =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("publish-", 0).factory());
    ResultPublisher publisher =
        new ResultPublisher(producer, codecs, config.workerId(), clock, metrics);
    Aborts aborts = new Aborts();
    AbortsReader cancelled =
        new AbortsReader(clients::abortsConsumer, codecs.aborts(), aborts, beating);
    this.abortsReading =
        Thread.ofPlatform().name(config.workerId() + "-aborts").unstarted(cancelled);
    WorkReader<T> reader =
        new WorkReader<>(engine, sources, publisher, codecs.work(), aborts, clock, random, metrics);
    Chunks chunks =
        new Chunks(
            producer,
            codecs.chunks(),
            System::nanoTime,
            CompletableFuture.delayedExecutor(
                Chunks.PAUSE.toNanos(), TimeUnit.NANOSECONDS, publishing));
    Execution<T> runs = new Execution<>(engine, publisher, chunks, publishing, aborts);
    this.execution = runs;
    this.gate = engine.claims() ? BulkGate.open() : BulkGate.sharing(config.bulkShare());
    Isolation isolation = new Isolation(!engine.claims());
    BrokerWatch broker =
        new BrokerWatch(
            config.heartbeat().multipliedBy(3), () -> connections(producer), System::nanoTime);
    List<Pace> paces = new ArrayList<>();
    for (Lane lane : config.lanes()) {
      Pace pace = new Pace(config.pollBudget(), FIRST_POLL.getOrDefault(lane, 1));
      paces.add(pace);
      LaneContext<T> context =
          new LaneContext<>(
              lane,
              LaneLoops.POOLS_OWN,
              Topics.work(lane, config.pool()),
              reader,
              runs,
              publisher,
              aborts,
              () -> engine.ready() && cancelled.known(),
              gate,
              isolation,
              pace,
              new Turns(shared ? 2 : LaneLoops.slots(lane, config)),
              broker,
              taking,
              metrics);
      lanes.add(new LaneLoops<>(context, config, shared, clients));
    }
    this.heartbeat =
        new Heartbeat(
            producer,
            codecs.heartbeats(),
            config,
            engine,
            () -> paces.stream().mapToDouble(Pace::itemsPerSecond).max().orElse(0),
            () -> lanes.stream().flatMap(lane -> lane.topics().stream()).toList(),
            clock,
            broker,
            beating);
    this.heartbeats =
        Thread.ofPlatform().name(config.workerId() + "-heartbeat").unstarted(heartbeat);
  }

  /** Takes what may change while it runs: the share of the time that is kept for bulk. */
  public void change(WorkerConfig newConfig) {
    gate.share(newConfig.bulkShare());
  }

  /**
   * Takes from its pool's queues in the proportion of these weights; a queue that is not named has
   * 1, as the pool's own. It takes from every queue whose topic it finds, from now on or since its
   * start.
   *
   * @param weights of queues, by their names
   * @return whether it takes from all that are named; else their topics are missing or may not be
   *     read, or the broker did not answer: to be tried again
   */
  public boolean takeFrom(Map<String, Integer> weights) throws InterruptedException {
    lanes.forEach(lane -> lane.weights(weights));
    if (takesFrom(weights.keySet())) {
      return true;
    }
    try (Admin admin = clients.admin()) {
      Groups groups = new Groups(admin, config, START_PATIENCE);
      add(groups, groups.queues());
    } catch (WorkerStartException e) {
      LOG.warn("Worker {} looks for its queues again: {}", config.workerId(), e.getMessage());
    }
    return takesFrom(weights.keySet());
  }

  /** The names of the queues that it takes from; the empty one is its pool's own. */
  public Set<String> queues() {
    Set<String> all = new TreeSet<>();
    lanes.forEach(lane -> all.addAll(lane.queues()));
    return all;
  }

  private boolean takesFrom(Set<String> queues) {
    return lanes.stream().allMatch(lane -> lane.queues().containsAll(queues));
  }

  private void add(Groups groups, Map<Lane, Set<String>> queues) throws InterruptedException {
    Map<Lane, Set<String>> fresh = new EnumMap<>(Lane.class);
    for (LaneLoops<?> lane : lanes) {
      Set<String> more = new TreeSet<>(queues.getOrDefault(lane.lane(), Set.of()));
      more.removeAll(lane.queues());
      if (!more.isEmpty()) {
        fresh.put(lane.lane(), more);
      }
    }
    if (shared) {
      groups.configureShares(clients, fresh);
    }
    for (LaneLoops<?> lane : lanes) {
      lane.add(fresh.getOrDefault(lane.lane(), Set.of()));
    }
  }

  private static double connections(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("connection-count"))
        .mapToDouble(metric -> metric.metricValue() instanceof Double count ? count : 0)
        .sum();
  }

  /**
   * Starts a worker and returns when it has begun to take work, or to wait for its models.
   *
   * @param config names a pool
   * @param engine stays the caller's, to be closed after the worker
   * @param registry where its meters go; see {@link WorkerMetrics}
   * @throws WorkerStartException if the schema registry gives no ids, Kafka cannot be reached, a
   *     topic is missing or forbidden, or the broker refuses the group's settings
   */
  public static Worker start(WorkerConfig config, Engine<?> engine, MeterRegistry registry) {
    return start(config, engine, registry, Clock.systemUTC(), new SecureRandom());
  }

  /** {@link #start(WorkerConfig, Engine, MeterRegistry)} with another clock and randomness. */
  public static Worker start(
      WorkerConfig config,
      Engine<?> engine,
      MeterRegistry registry,
      Clock clock,
      RandomGenerator random) {
    config.requirePool();
    WorkerCodecs codecs;
    try {
      codecs = WorkerCodecs.of(SchemaIds.of(config.schemaRegistry()));
    } catch (SchemaRegistryException e) {
      throw new WorkerStartException(String.valueOf(e.getMessage()), e);
    }
    ClientProperties clients = new ClientProperties(config);
    boolean shared;
    Worker worker;
    try (Admin admin = clients.admin()) {
      Groups groups = new Groups(admin, config, START_PATIENCE);
      groups.requireTopics(engine.capabilities().stream().anyMatch(Capability::streams));
      shared = groups.shared(engine.claims());
      Map<Lane, Set<String>> queues = groups.queues();
      queues.values().forEach(own -> own.add(LaneLoops.POOLS_OWN));
      if (shared) {
        groups.configureShares(clients, queues);
      }
      worker =
          new Worker(
              config,
              shared,
              clients,
              codecs,
              engine,
              new WorkerMetrics(registry, config.pool()),
              clock,
              random);
      worker.heartbeats.start();
      worker.abortsReading.start();
      worker.lanes.forEach(lane -> lane.add(queues.getOrDefault(lane.lane(), Set.of())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerStartException("The start was interrupted", e);
    }
    LOG.info(
        "Worker {} takes {} work of pool {} through a {} group",
        config.workerId(),
        config.lanes(),
        config.pool(),
        shared ? "share" : "consumer");
    return worker;
  }

  /** The id under which it stands in the catalog and in answers. */
  public String id() {
    return config.workerId();
  }

  /** Whether it takes work through a share group. */
  public boolean shared() {
    return shared;
  }

  /** {@link #close(Duration)} with 10 s. */
  @Override
  public void close() {
    close(CLOSE);
  }

  /**
   * Takes nothing new, ends what it holds, gives the rest back after {@code drain}, and leaves the
   * catalog.
   */
  public void close(Duration drain) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      long deadline = System.nanoTime() + drain.toNanos();
      taking.request();
      joinLoops(deadline);
      publishing.shutdown();
      if (!publishing.awaitTermination(LAST_OUTCOMES.toMillis(), TimeUnit.MILLISECONDS)) {
        publishing.shutdownNow();
        execution.cancelRunning();
      }
      beating.request();
      heartbeats.join();
      heartbeat.farewell();
      abortsReading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      publishing.shutdownNow();
      sources.close();
      producer.close(LAST_OUTCOMES);
    }
    LOG.info("Worker {} has left", config.workerId());
  }

  private void joinLoops(long deadline) throws InterruptedException {
    List<Thread> loops = lanes.stream().flatMap(lane -> lane.threads().stream()).toList();
    for (Thread loop : loops) {
      boolean ended = loop.join(left(deadline));
      if (!ended && shared) {
        // It closes its consumer, and the group gives what that held to others.
        loop.interrupt();
      }
    }
    for (LaneLoops<?> lane : lanes) {
      if (!shared && !lane.turns().awaitFree(left(deadline))) {
        LOG.warn("Claimed {} work is ended half way", lane.lane().topicName());
        execution.cancelRunning();
      }
    }
    for (Thread loop : loops) {
      loop.join();
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }
}
