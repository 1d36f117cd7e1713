package io.ratatoskr.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.TopicAccess;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router: takes requests in, has workers answer them, replies. Any number may run beside each
 * other on one deployment; Kafka divides the partitions among them. Thread-safe.
 */
public final class Router implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final Duration REACH_BROKER = Duration.ofSeconds(30);
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final long LONGEST_PAUSE_MS = 10_000;

  /** How a router is. */
  public enum State {
    /** Not started, or about to take partitions over. */
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
  private final KafkaCatalog catalog;
  private final FlightCodec flights;
  private final KafkaStreams streams;
  private final CountDownLatch running = new CountDownLatch(1);
  private final AtomicInteger replaced = new AtomicInteger();
  private final CompletableFuture<RouterException> failure = new CompletableFuture<>();
  private final String instanceId;
  private volatile long startedNanos;

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
    Wire wire;
    Codec<WorkerStatus> heartbeats;
    try {
      SchemaIds ids = SchemaIds.of(config.schemaRegistry());
      wire = new Wire(ids);
      heartbeats = Codec.of(WorkerStatus.class, ids);
    } catch (SchemaRegistryException e) {
      throw new RouterException.NoSchemaIds(e);
    }
    this.config = config;
    this.instanceId = InstanceId.of(config);
    RouterMetrics metrics = new RouterMetrics(meters);
    Map<String, Object> adminSettings = new HashMap<>(config.kafka().values());
    adminSettings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    adminSettings.put(
        AdminClientConfig.CLIENT_ID_CONFIG, config.streams().applicationId() + "-directory");
    this.admin = Admin.create(adminSettings);
    this.directory = new AdminTopicDirectory(admin, config, clock);
    this.catalog = new KafkaCatalog(config, heartbeats, clock);
    this.flights = new FlightCodec();
    Services services =
        new Services(
            config,
            new Decider(Rules.of(config)),
            new Policy(config),
            new Intake(directory, config),
            wire,
            flights,
            directory,
            catalog,
            metrics,
            sendPoint);
    this.cache = services.cache();
    Properties properties = StreamsSettings.of(config);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
    properties.put(RefusedSends.METRICS, metrics);
    this.streams = new KafkaStreams(RouterTopology.of(services), properties);
    streams.setStateListener((next, before) -> {
      if (next == KafkaStreams.State.RUNNING && running.getCount() > 0) {
        LOG.info("The router runs, {} ms after its start", sinceStart());
        running.countDown();
      }
    });
    streams.setUncaughtExceptionHandler(this::replaceThread);
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
   */
  public void start() {
    startedNanos = System.nanoTime();
    directory.start(REACH_BROKER);
    checkAccess();
    checkTopics();
    createChangelogs();
    catalog.start();
    streams.start();
  }

  /**
   * Waits until it routes.
   *
   * @throws RouterException.NotRunning if it does not within the time given
   */
  public void awaitRunning(Duration timeout) {
    try {
      if (running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RouterException.NotRunning(
        "the router is not running after " + timeout + "; its state is " + streams.state());
  }

  /** Completes when the router has stopped by itself, with the reason; otherwise never. */
  public CompletableFuture<RouterException> failure() {
    return failure.copy();
  }

  /** How it is now. */
  public State state() {
    return switch (streams.state()) {
      case CREATED -> State.STARTING;
      case REBALANCING -> State.STARTING;
      case RUNNING -> State.RUNNING;
      case PENDING_SHUTDOWN -> State.STOPPED;
      case NOT_RUNNING -> State.STOPPED;
      case PENDING_ERROR -> State.STOPPED;
      case ERROR -> State.STOPPED;
    };
  }

  /**
   * Where the unanswered requests begin: by partition of a request topic, the offset of the first
   * one that this router has admitted and not settled. A partition without any is missing. What
   * lies below that, and below the router's committed offset, is never read again.
   *
   * <p>Reads every flight, so not for every second.
   *
   * @return empty while this router does not hold its flights, since it starts or takes partitions
   *     over
   */
  public Optional<Map<TopicPartition, Long>> openRequests() {
    Map<TopicPartition, Long> lowest = new HashMap<>();
    try {
      for (Lane lane : Lane.values()) {
        FlightStore.lowestOpen(
            streams.store(
                StoreQueryParameters.fromNameAndType(
                    RouterTopology.flights(lane), QueryableStoreTypes.keyValueStore())),
            flights,
            lowest);
      }
      return Optional.of(lowest);
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
  }

  private void checkTopics() {
    List<String> missing = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      int expected = directory.partitions(Topics.results(lane));
      List<String> alike = new ArrayList<>(RouterTopology.requestTopics(lane, config).keySet());
      for (Domain domain : config.deployment().domains()) {
        alike.add(Topics.cancellations(domain, lane));
        require(Topics.replies(domain, lane), missing);
      }
      require(Topics.results(lane), missing);
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
    require(Topics.deadLetters(), missing);
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
    wanted.put(Topics.deadLetters(), Set.of(AclOperation.WRITE));
    for (Lane lane : Lane.values()) {
      wanted.put(Topics.results(lane), Set.of(AclOperation.READ));
      for (String requests : RouterTopology.requestTopics(lane, config).keySet()) {
        wanted.put(requests, Set.of(AclOperation.READ, AclOperation.WRITE));
      }
      for (Domain domain : config.deployment().domains()) {
        wanted.put(Topics.replies(domain, lane), Set.of(AclOperation.WRITE));
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
    try {
      new ChangelogTopics(admin, config, directory).create(REACH_BROKER);
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

  private StreamThreadExceptionResponse replaceThread(Throwable thrown) {
    Throwable cause = rootOf(thrown);
    if (cause instanceof FencedInstanceIdException) {
      failure.complete(new RouterException.Replaced(instanceId, cause));
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    int times = replaced.incrementAndGet();
    if (cause instanceof AuthorizationException || cause instanceof RetriableException) {
      LOG.error("A stream thread is replaced (number {}): {}", times, cause.toString());
    } else {
      LOG.error("A stream thread failed and is replaced (number {})", times, thrown);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(Math.min(100L << Math.min(times, 10), LONGEST_PAUSE_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leaveGroup(Thread.currentThread().getName());
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /**
   * Takes a stream thread that ends out of the group, which would otherwise keep its partitions for
   * it until its session is over. Streams numbers its threads and their ids alike.
   */
  private void leaveGroup(String thread) {
    String member = instanceId + thread.substring(thread.lastIndexOf('-'));
    var _ =
        admin.removeMembersFromConsumerGroup(
            config.streams().applicationId(),
            new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(member))));
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Stops within ten seconds; what was not finished is done by the next router. */
  @Override
  public void close() {
    close(CLOSE);
  }

  /** Stops; what was not finished within the time given is done by the next router. */
  public void close(Duration timeout) {
    // A router that leaves lets the others, or its successor, take over without a session timeout.
    streams.close(
        CloseOptions.timeout(timeout)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    catalog.close();
    directory.close();
    admin.close(Duration.ofSeconds(1));
  }
}
