package io.ratatoskr.allinone;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The all-in-one: broker, topics, router and workers in this JVM. Models load while the broker
 * starts; router and workers start side by side.
 */
public final class Pipeline implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  /** What is set where nobody else does. */
  private final EmbeddedKafka kafka;

  private final Router router;
  private final RouterConfig routed;
  private final List<Served> served;
  private final List<Worker> workers;
  private final Trimmer trimmer;

  /** The parts that have been started, latest first. */
  private final StartedParts parts;

  /** A pool that is served here, and what its worker infers with. */
  private record Served(WorkerPool pool, WorkerKind.Loading engine) {}

  /** Begins to load what the workers of a kind infer with in a pool. */
  @FunctionalInterface
  interface Loader {
    WorkerKind.Loading load(
        WorkerKind kind, WorkerPool pool, Configuration configuration, MeterRegistry meters);
  }

  private Pipeline(
      EmbeddedKafka kafka,
      Router router,
      RouterConfig routed,
      List<Served> served,
      List<Worker> workers,
      Trimmer trimmer,
      StartedParts parts) {
    this.kafka = kafka;
    this.router = router;
    this.routed = routed;
    this.served = List.copyOf(served);
    this.workers = List.copyOf(workers);
    this.trimmer = trimmer;
    this.parts = parts;
  }

  /** Starts everything and returns when it serves. */
  public static Pipeline start(PipelineConfig config, MeterRegistry meters)
      throws InterruptedException {
    return start(config, meters, WorkerKind::load);
  }

  /** The same, with other engines than the kinds' own. */
  static Pipeline start(PipelineConfig config, MeterRegistry meters, Loader load)
      throws InterruptedException {
    StartedParts parts = new StartedParts();
    try {
      return start(config, meters, load, parts);
    } catch (RuntimeException | InterruptedException e) {
      parts.close();
      throw e;
    }
  }

  private static Pipeline start(
      PipelineConfig config, MeterRegistry meters, Loader load, StartedParts parts)
      throws InterruptedException {
    OpenFiles.ofThisProcess().require();
    Set<Lane> lanes = config.configuration().router().lanes();
    Configuration usual = config.configuration().withUsualPools();
    config.workers().forEach(kind -> kind.pools(usual));
    StartPhases phases = StartPhases.ofThisProcess();
    phases.reached("the pipeline begins to start");
    List<Served> served = new ArrayList<>();
    for (WorkerKind kind : config.workers()) {
      for (WorkerPool pool : kind.pools(usual)) {
        WorkerKind.Loading engine = load.load(kind, pool, config.configuration(), meters);
        parts.push(engine);
        served.add(new Served(pool, engine));
        var _ = engine.loaded().thenRun(() -> phases.reached("models loaded: " + pool.name()));
      }
    }

    Deployment deployment = config.deployment();
    EmbeddedKafka kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaConfig.in(config.dataFolder().resolve("kafka"))
                .listeningOn("127.0.0.1", config.kafkaPort()));
    parts.push(kafka);
    phases.reached("broker up");
    String bootstrap = kafka.bootstrapServers();
    Admin admin =
        Admin.create(Map.of("bootstrap.servers", bootstrap, "client.id", "ratatoskr-admin"));
    parts.push(admin);
    new TopicCreation(admin, PATIENCE)
        .create(usual.topics(deployment, lanes), deployment.replicationFactor());
    boundReplies(admin, deployment, usual.router());
    phases.reached("topics made");

    Configuration configuration = usual.withBootstrap(bootstrap).withLanes(lanes);
    RouterConfig routerConfig =
        configuration.router().withDeployment(deployment, config.dataFolder().resolve("router"));
    Router router = new Router(routerConfig, meters);
    parts.push(router);
    router.start();
    List<Worker> workers = new ArrayList<>();
    Map<String, Worker> byPool = new HashMap<>();
    for (Served one : served) {
      Worker worker =
          WorkerKind.start(
              one.pool(), one.engine(), WorkerKind.config(one.pool(), configuration, true), meters);
      workers.add(worker);
      byPool.put(one.pool().name(), worker);
      parts.push(worker);
    }
    parts.push(
        QueueFollower.start(
            configuration.router().policy().queues(), byPool, configuration.worker()));
    router.awaitRunning(PATIENCE);
    awaitHeard(router, workers);
    phases.reached("router running");
    for (Served one : served) {
      one.engine().await();
    }
    Trimmer trimmer =
        Trimmer.start(
            admin,
            routerConfig.groups(),
            () -> Trimmer.WorkGroups.of(queues(routerConfig.pools(), byPool), lanes),
            router::openRequests);
    parts.push(trimmer);
    return new Pipeline(kafka, router, routerConfig, served, workers, trimmer, parts);
  }

  /** The queues of each pool, its own among them, from which work is taken now. */
  private static Map<String, Set<String>> queues(Pools pools, Map<String, Worker> byPool) {
    Map<String, Set<String>> queues = new HashMap<>();
    for (WorkerPool pool : pools.all()) {
      Worker worker = byPool.get(pool.name());
      queues.put(pool.name(), worker == null ? Set.of("") : worker.queues());
    }
    return queues;
  }

  /** A request that came before the router has heard of them might go to a pool without workers. */
  private static void awaitHeard(Router router, List<Worker> workers) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Worker worker : workers) {
      while (!router.catalog().workers().containsKey(worker.id())) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(
              "the router has heard nothing of worker %s in %s".formatted(worker.id(), PATIENCE));
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
      }
    }
  }

  /** Bounds the reply topics, also those that an earlier start made. */
  private static void boundReplies(Admin admin, Deployment deployment, RouterConfig router)
      throws InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (Domain domain : deployment.domains()) {
      for (Lane lane : router.lanes()) {
        changes.put(
            new ConfigResource(ConfigResource.Type.TOPIC, Topics.replies(domain, lane)),
            List.of(
                set("retention.bytes", Trimmer.REPLY_BYTES),
                set("retention.ms", router.lane(lane).replyRetention().toMillis())));
      }
    }
    try {
      admin.incrementalAlterConfigs(changes).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The topics of replies cannot be bounded", e.getCause());
    }
  }

  private static AlterConfigOp set(String key, long value) {
    return new AlterConfigOp(new ConfigEntry(key, Long.toString(value)), AlterConfigOp.OpType.SET);
  }

  /** {@code host:port} of the broker. */
  public String bootstrap() {
    return kafka.bootstrapServers();
  }

  /** The ids of the models that are served. */
  public List<String> models() {
    return served.stream()
        .flatMap(one -> one.engine().engine().models().stream())
        .map(ServedModel::id)
        .toList();
  }

  /** The broker, whose disk and end may be watched. */
  public EmbeddedKafka kafka() {
    return kafka;
  }

  /**
   * Lets the topics that the only client of this pipeline uses be trimmed as it confirms answers.
   */
  void trimAsConfirmed(Supplier<Map<TopicPartition, Long>> confirmed) {
    Map<String, Duration> readReplies = new HashMap<>();
    for (Domain domain : routed.deployment().domains()) {
      for (Lane lane : routed.lanes()) {
        readReplies.put(Topics.replies(domain, lane), routed.lane(lane).readReplyRetention());
      }
    }
    trimmer.confirmedBy(confirmed, readReplies);
  }

  /** How each part is now. */
  public Health health() {
    Map<String, String> states = new LinkedHashMap<>();
    boolean broken = kafka.failure().isDone();
    states.put("kafka", broken ? "failed" : "running");
    router
        .states()
        .forEach((lane, state) ->
            states.put("router " + lane.topicName(), state.name().toLowerCase(Locale.ROOT)));
    served.forEach(one -> states.put("worker " + one.pool().name(), one.engine().state()));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("bootstrap", bootstrap());
    facts.put("data folder", kafka.dataFolder().toString());
    facts.putAll(Health.pools(routed.pools(), router.catalog()));
    facts.putAll(Health.circuits(router.health(), System.currentTimeMillis()));
    return new Health(
        !broken
            && router.state() == Router.State.RUNNING
            && served.stream().allMatch(one -> one.engine().ready()),
        states,
        facts);
  }

  /** Takes what may change while it runs; the rest needs a start. */
  public void change(Configuration configuration) {
    router.change(configuration.router());
    workers.forEach(worker -> worker.change(configuration.worker()));
  }

  /** Stops everything, the latest first; data stays. */
  @Override
  public void close() {
    parts.close();
  }
}
