package io.ratatoskr.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.catalog.Catalog;
import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.HealthFollower;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.router.health.HealthExchange;
import io.ratatoskr.router.health.Tally;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.TopicAccess;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * A router: takes requests in, has workers answer them, replies; each lane by a Kafka Streams
 * client of its own. Any number may run beside each other on one deployment; Kafka divides the
 * partitions among them. Thread-safe.
 */
public final class Router implements AutoCloseable {
  private static final Duration REACH_BROKER = Duration.ofSeconds(30);

  /** A broker that is fenced is back within its session of 9 s, or stays away. */
  private static final Duration BROKERS_AWAY = Duration.ofSeconds(15);

  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** The states of a router and of each of its lanes. */
  public enum State {
    /** It has not started, or is about to take partitions over. */
    STARTING,
    /** It routes. */
    RUNNING,
    /** It has stopped for good. */
    STOPPED
  }

  private final RouterConfig config;
  private final LiveCache cache;
  private final Admin admin;
  private final AdminTopicDirectory directory;
  private final Catalog catalog;
  private final PolicyFollower policy;
  private final HealthFollower health;
  private final HealthExchange exchange;
  private final Map<Lane, LaneStreams> lanes = new EnumMap<>(Lane.class);
  private final CompletableFuture<RouterException> failure = new CompletableFuture<>();

  /**
   * A router.
   *
   * @param meters where the meters of {@link RouterMetrics} are registered
   * @throws RouterException.NoSchemaIds if the schema registry gives no ids
   */
  public Router(RouterConfig config, MeterRegistry meters) {
    this(config, meters, Clock.systemUTC(), SendPoint.PASS);
  }

  Router(RouterConfig config, MeterRegistry meters, Clock clock, SendPoint sendPoint) {
    RouterCodecs codecs;
    SchemaIds ids;
    try {
      ids = SchemaIds.of(config.schemaRegistry());
      codecs = new RouterCodecs(ids);
    } catch (SchemaRegistryException e) {
      throw new RouterException.NoSchemaIds(e);
    }
    this.config = config;
    this.admin = Admin.create(client("directory"));
    this.directory = new AdminTopicDirectory(admin, config, clock);
    this.catalog = new Catalog(client("catalog"), ids, clock);
    RouterMetrics metrics = new RouterMetrics(meters);
    this.health = new HealthFollower(client("circuits"), ids, metrics::circuits);
    String instanceId = InstanceId.of(config);
    Tally tally = new Tally(instanceId, health);
    Services services =
        new Services(config, codecs, directory, catalog, health, tally, metrics, sendPoint);
    this.cache = services.cache();
    this.policy = new PolicyFollower(client("policy"), services.livePolicy());
    this.exchange =
        new HealthExchange(
            client("health"),
            ids,
            admin,
            config.healthGroup(),
            instanceId,
            tally,
            health,
            config.circuit(),
            clock);
    for (Lane lane : config.lanes()) {
      lanes.put(lane, new LaneStreams(lane, services, admin, instanceId, failure::complete));
    }
  }

  /** Takes what may change while it runs: how long and how much the answer cache keeps. */
  public void change(RouterConfig newConfig) {
    cache.change(newConfig.cache());
  }

  /**
   * Checks the topics and starts to route; returns before the partitions are taken over.
   *
   * @throws RouterException.Unreachable if no broker answers within 30 s
   * @throws RouterException.WrongTopics if a topic is missing or partition counts disagree
   * @throws RouterException.Forbidden if the cluster does not let it read or write a topic
   * @throws RouterException.BadStateFolder if a store in its data folder cannot be opened
   * @throws RouterException.OldLayout if the cluster holds the state of an earlier version
   */
  public void start() {
    directory.start(REACH_BROKER);
    checkAccess();
    checkTopics();
    policy.start();
    createChangelogs();
    awaitPolicy();
    catalog.start();
    health.start();
    exchange.start();
    lanes.values().forEach(LaneStreams::start);
  }

  /** A router must not admit by the policy of its configuration where another one is applied. */
  private void awaitPolicy() {
    try {
      if (!policy.awaitCaughtUp(REACH_BROKER)) {
        throw new RouterException.Unreachable(
            config.bootstrap(), new TimeoutException(Topics.policy() + " cannot be read"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RouterException.Unreachable(config.bootstrap(), e);
    }
  }

  /**
   * Waits until it routes in every lane that it serves.
   *
   * @throws RouterException.NotRunning if it does not within the time given
   */
  public void awaitRunning(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    for (LaneStreams lane : lanes.values()) {
      if (!lane.awaitRunning(Duration.ofNanos(end - System.nanoTime()))) {
        throw new RouterException.NotRunning(
            "the router is not running after " + timeout + "; its lanes are " + states());
      }
    }
  }

  /** Completes when the router has stopped by itself, with the reason; otherwise never. */
  public CompletableFuture<RouterException> failure() {
    return failure.copy();
  }

  /** How it is now: as the lane that is worst off. */
  public State state() {
    Collection<State> states = states().values();
    if (states.contains(State.STOPPED)) {
      return State.STOPPED;
    }
    return states.contains(State.STARTING) ? State.STARTING : State.RUNNING;
  }

  /** Which workers it knows, and which models they have. */
  public CatalogSnapshot catalog() {
    return catalog.get();
  }

  /** How the models of all pools did lately, as all routers see it together. */
  public HealthSnapshot health() {
    return health.get();
  }

  /** How each lane that it serves is now. */
  public Map<Lane, State> states() {
    Map<Lane, State> states = new EnumMap<>(Lane.class);
    lanes.forEach((lane, streams) -> states.put(lane, streams.state()));
    return states;
  }

  /**
   * Where the unanswered requests begin: by partition of a request topic, the offset of the first
   * one that this router has admitted and not settled. A partition without any is missing. What
   * lies below that, and below the router's committed offset, is never read again.
   *
   * <p>Reads every flight, so not for every second.
   *
   * @return empty while this router does not hold the flights of a lane that it serves, since it
   *     starts or takes partitions over
   */
  public Optional<Map<TopicPartition, Long>> openRequests() {
    Map<TopicPartition, Long> lowest = new HashMap<>();
    try {
      lanes.values().forEach(lane -> lane.lowestOpen(lowest));
      return Optional.of(lowest);
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private Map<String, Object> client(String purpose) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    properties.put(
        CommonClientConfigs.CLIENT_ID_CONFIG, config.streams().applicationId() + "-" + purpose);
    return config.kafka().over(properties);
  }

  private void checkTopics() {
    List<String> missing = new ArrayList<>();
    for (Lane lane : config.lanes()) {
      int expected = directory.partitions(Topics.results(lane));
      List<String> alike = new ArrayList<>(RouterTopology.requestTopics(lane, config).keySet());
      for (Domain domain : config.deployment().domains()) {
        alike.add(Topics.cancellations(domain, lane));
        require(Topics.replies(domain, lane), missing);
      }
      require(Topics.results(lane), missing);
      for (WorkerPool pool : config.pools().all()) {
        require(Topics.work(lane, pool.name()), missing);
      }
      for (String topic : alike) {
        require(topic, missing);
        int partitions = directory.partitions(topic);
        if (partitions != 0 && expected != 0 && partitions != expected) {
          throw new RouterException.WrongTopics(
              "%s has %d partitions and %s has %d; requests, cancellations and results of a"
                      .formatted(topic, partitions, Topics.results(lane), expected)
                  + " deployment need the same number");
        }
      }
    }
    require(Topics.catalog(), missing);
    require(Topics.policy(), missing);
    require(Topics.outcomes(), missing);
    require(Topics.health(), missing);
    require(Topics.deadLetters(), missing);
    require(Topics.aborts(), missing);
    if (!missing.isEmpty()) {
      throw new RouterException.WrongTopics(
          "topics are missing: "
              + String.join(", ", missing)
              + "; create them with: ratatoskr topics create");
    }
  }

  private void checkAccess() {
    Map<String, Set<AclOperation>> wanted = new HashMap<>();
    wanted.put(Topics.catalog(), Set.of(AclOperation.READ));
    wanted.put(Topics.policy(), Set.of(AclOperation.READ));
    wanted.put(Topics.outcomes(), Set.of(AclOperation.READ, AclOperation.WRITE));
    wanted.put(Topics.health(), Set.of(AclOperation.READ, AclOperation.WRITE));
    wanted.put(Topics.deadLetters(), Set.of(AclOperation.WRITE));
    wanted.put(Topics.aborts(), Set.of(AclOperation.WRITE));
    if (!config.usage().lanes().isEmpty()) {
      wanted.put(Topics.usage(), Set.of(AclOperation.WRITE));
    }
    for (Lane lane : config.lanes()) {
      wanted.put(Topics.results(lane), Set.of(AclOperation.READ));
      for (String requests : RouterTopology.requestTopics(lane, config).keySet()) {
        wanted.put(requests, Set.of(AclOperation.READ, AclOperation.WRITE));
      }
      for (Domain domain : config.deployment().domains()) {
        wanted.put(Topics.replies(domain, lane), Set.of(AclOperation.WRITE));
        wanted.put(
            Topics.cancellations(domain, lane), Set.of(AclOperation.READ, AclOperation.WRITE));
      }
      for (WorkerPool pool : config.pools().all()) {
        wanted.put(Topics.work(lane, pool.name()), Set.of(AclOperation.WRITE));
      }
    }
    try {
      TopicAccess.Findings found = new TopicAccess(admin, REACH_BROKER).look(wanted);
      if (!found.refusals().isEmpty()) {
        throw new RouterException.Forbidden("the router needs more rights: " + found.refused());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new RouterException.Unreachable(config.bootstrap(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RouterException.Unreachable(config.bootstrap(), e);
    }
  }

  private void createChangelogs() {
    ChangelogTopics changelogs = new ChangelogTopics(admin, config, directory);
    changelogs.refuseOldLayout();
    try {
      changelogs.create(REACH_BROKER, BROKERS_AWAY);
    } catch (ExecutionException e) {
      throw new RouterException.WrongTopics(
          "the router's changelog topics cannot be created: " + e.getCause());
    } catch (TimeoutException e) {
      throw new RouterException.Unreachable(config.bootstrap(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RouterException.Unreachable(config.bootstrap(), e);
    }
  }

  private void require(String topic, List<String> missing) {
    if (directory.partitions(topic) == 0) {
      missing.add(topic);
    }
  }

  /** Stops within ten seconds; what was not finished is done by the next router. */
  @Override
  public void close() {
    close(CLOSE);
  }

  /** Stops; what was not finished within the time given is done by the next router. */
  public void close(Duration timeout) {
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      lanes.values().forEach(lane -> closing.execute(() -> lane.close(timeout)));
    }
    policy.close();
    exchange.close();
    health.close();
    catalog.close();
    directory.close();
    admin.close(Duration.ofSeconds(1));
  }
}
