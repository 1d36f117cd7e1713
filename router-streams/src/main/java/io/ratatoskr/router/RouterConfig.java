package io.ratatoskr.router;

import io.ratatoskr.policy.PolicyConfig;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.policy.PolicyLimits;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.router.health.CircuitSettings;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a router. {@link #of} reads it from a file's values; every part refuses
 * nonsense naming the key.
 *
 * @param deployment the topics served
 * @param pools the pools of workers that may be asked
 * @param bootstrap Kafka brokers, {@code host:port}, separated by commas
 * @param stateDir folder for local state; state is rebuilt from Kafka where it is lost
 * @param lanes the lanes served, at least one
 * @param streams what the Kafka Streams clients of all lanes have in common
 * @param cache the answer cache
 * @param interactive threads and limits of the interactive lane
 * @param bulk threads and limits of the bulk lane
 * @param budgets longest executions of one attempt
 * @param policy who may answer requests, as long as no other policy is applied
 * @param circuit when a model of a pool that fails is left alone
 * @param slack added to limits before work counts as vanished
 * @param joining how many requests may share a flight
 * @param grace how long a settled flight is kept, in running time
 * @param admission when requests are refused before they become work
 * @param usage what is written down of settled requests
 * @param schemaRegistry where schema ids come from
 * @param kafka settings of every Kafka client, such as those for TLS and SASL
 */
public record RouterConfig(
    Deployment deployment,
    Pools pools,
    String bootstrap,
    Path stateDir,
    Set<Lane> lanes,
    Streams streams,
    CacheSettings cache,
    LaneSettings interactive,
    LaneSettings bulk,
    Budgets budgets,
    PolicyConfig policy,
    CircuitSettings circuit,
    Duration slack,
    Joining joining,
    Duration grace,
    AdmissionLimits admission,
    UsageSettings usage,
    SchemaRegistry schemaRegistry,
    KafkaProperties kafka) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  static final Setting<String> APPLICATION_ID =
      Setting.text(
          "router.application-id",
          "ratatoskr-router",
          "letters, digits, '.', '_', '-'",
          id -> id.matches("[a-zA-Z0-9._-]{1,100}"),
          "Names the router's consumer groups and prefixes its changelog topics, each followed by"
              + " the lane; alike in all instances.");
  static final Setting<String> INSTANCE_ID =
      Setting.text(
          "router.instance-id",
          "",
          "letters, digits, '.', '_', '-', or empty",
          id -> id.matches("[a-zA-Z0-9._-]{0,200}"),
          "Names this router in its group, so that it takes its partitions back at once when it"
              + " returns after a crash; no two routers may have the same. Where it is empty the"
              + " router makes one and keeps it in its data folder.");
  static final Setting<List<String>> LANES =
      Setting.list(
          "router.lanes",
          List.of("interactive", "bulk"),
          "interactive, bulk",
          name -> Lane.named(name).isPresent(),
          "The lanes that it serves, each with a Kafka Streams client of its own.");
  static final Setting<Integer> THREADS =
      Setting.integer(
          "router.threads", 2, 1, 64, "Stream threads of a lane that says nothing else.");
  static final Setting<Duration> COMMIT_INTERVAL =
      Setting.duration(
          "router.commit-interval",
          SECOND,
          Duration.ofMillis(10),
          Duration.ofSeconds(4),
          "Time between commits: how much is done again after a crash.");
  static final Setting<String> STORE =
      Setting.text(
          "router.store",
          "rocksdb",
          "rocksdb or memory",
          kind -> kind.equals("rocksdb") || kind.equals("memory"),
          "Where flights are held: on disk with a bounded cache, or on the heap.");
  static final Setting<Long> STORE_MEMORY =
      Setting.size(
          "router.store-memory",
          128 * MIB,
          8 * MIB,
          Long.MAX_VALUE,
          "Memory for the block cache and write buffers of all RocksDB stores together.");
  static final Setting<Duration> BUDGET =
      Setting.duration(
          "limits.execution-budget",
          Duration.ofSeconds(60),
          SECOND,
          DAY,
          "Longest execution of one attempt where workers share their work and their pool says"
              + " nothing.");
  static final Setting<Duration> GENERATION_BUDGET =
      Setting.duration(
          "limits.generation-budget",
          Duration.ofMinutes(10),
          SECOND,
          DAY,
          "The same where workers claim their work, as for chat and generate.");
  static final Setting<Duration> SLACK =
      Setting.duration(
          "limits.slack",
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMinutes(10),
          "What is added to limits before work counts as vanished.");
  static final Setting<Integer> WAITERS =
      Setting.integer(
          "limits.flight-waiters",
          100_000,
          1,
          10_000_000,
          "Requests that may wait for one inference.");
  static final Setting<Long> REPLY_BYTES =
      Setting.size(
          "limits.flight-reply-bytes",
          256 * MIB,
          MIB,
          Long.MAX_VALUE,
          "Replies to the requests that waited for one inference.");
  static final Setting<Duration> GRACE =
      Setting.duration(
          "limits.grace",
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          DAY,
          "How long a settled flight is kept, in running time of the router.");

  /**
   * The properties that the Kafka Streams clients of all lanes share.
   *
   * @param applicationId names the routers that share the work, and their group; 1 to 100 letters,
   *     digits and {@code . _ -}
   * @param instanceId name of this router among them; empty makes one
   * @param commitInterval time between commits
   * @param store where flights are held: {@code rocksdb} or {@code memory}
   * @param storeMemory bytes for block cache and write buffers of all RocksDB stores, 8 MiB or more
   */
  public record Streams(
      String applicationId,
      String instanceId,
      Duration commitInterval,
      String store,
      long storeMemory) {
    public Streams {
      APPLICATION_ID.check(applicationId);
      INSTANCE_ID.check(instanceId);
      COMMIT_INTERVAL.check(commitInterval);
      STORE.check(store);
      STORE_MEMORY.check(storeMemory);
    }

    boolean inMemory() {
      return store.equals("memory");
    }
  }

  /**
   * Longest executions of one attempt where a pool says nothing.
   *
   * @param shared where workers share their work
   * @param claimed where they claim it
   */
  public record Budgets(Duration shared, Duration claimed) {
    public Budgets {
      BUDGET.check(shared);
      GENERATION_BUDGET.check(claimed);
    }
  }

  /**
   * The limits of a flight that several requests share.
   *
   * @param waiters most requests that wait for it
   * @param replyBytes most bytes of their replies together
   */
  public record Joining(int waiters, long replyBytes) {
    public Joining {
      WAITERS.check(waiters);
      REPLY_BYTES.check(replyBytes);
    }
  }

  public RouterConfig {
    KafkaProperties.BOOTSTRAP.check(bootstrap);
    if (lanes.isEmpty()) {
      throw new InvalidSettingException(LANES.key(), "names no lane");
    }
    lanes = Collections.unmodifiableSet(EnumSet.copyOf(lanes));
    SLACK.check(slack);
    GRACE.check(grace);
    interactive.check(Lane.INTERACTIVE, deployment.longestDeadline());
    bulk.check(Lane.BULK, deployment.longestDeadline());
  }

  /** The sections of a configuration file. */
  public static final List<Section> SECTIONS =
      List.of(
          new Section(
              "router",
              "For `serve router`, and for the router in `up` and in commands without"
                  + " `--bootstrap`, such as `embed` and `nli`; in these commands `router.store` is"
                  + " `memory`, and `router.lanes` is the one that they ask in.",
              List.of(
                  APPLICATION_ID,
                  INSTANCE_ID,
                  LANES,
                  THREADS,
                  COMMIT_INTERVAL,
                  STORE,
                  STORE_MEMORY)),
          LaneSettings.section(Lane.INTERACTIVE),
          LaneSettings.section(Lane.BULK),
          new Section(
              "limits",
              "How the router waits for workers and joins or refuses requests: see"
                  + " [limits](limits.md).",
              AdmissionLimits.after(BUDGET, GENERATION_BUDGET, SLACK, WAITERS, REPLY_BYTES, GRACE)),
          CircuitSettings.SECTION,
          CacheSettings.SECTION,
          UsageSettings.SECTION);

  /** Every key, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return Stream.of(
            SECTIONS.stream(),
            PolicyConfig.SECTIONS.stream().filter(section -> section.repetition() == null),
            Stream.of(SchemaRegistry.SECTION, KafkaProperties.SECTION))
        .flatMap(sections -> sections)
        .<Setting<?>>flatMap(section -> section.settings().stream())
        .toList();
  }

  /**
   * A router of that deployment, on the Kafka that the values name.
   *
   * @throws InvalidSettingException naming the key whose value is not allowed
   */
  public static RouterConfig of(Deployment deployment, Path stateDir, Values values) {
    return values.locate(() ->
        new RouterConfig(
            deployment,
            Pools.of(values, BUDGET.of(values), GENERATION_BUDGET.of(values)),
            KafkaProperties.BOOTSTRAP.of(values),
            stateDir,
            LANES.of(values).stream()
                .flatMap(name -> Lane.named(name).stream())
                .collect(Collectors.toSet()),
            new Streams(
                APPLICATION_ID.of(values),
                INSTANCE_ID.of(values),
                COMMIT_INTERVAL.of(values),
                STORE.of(values),
                STORE_MEMORY.of(values)),
            CacheSettings.of(values),
            LaneSettings.of(Lane.INTERACTIVE, THREADS.of(values), values),
            LaneSettings.of(Lane.BULK, THREADS.of(values), values),
            new Budgets(BUDGET.of(values), GENERATION_BUDGET.of(values)),
            PolicyConfig.of(values),
            CircuitSettings.of(values),
            SLACK.of(values),
            new Joining(WAITERS.of(values), REPLY_BYTES.of(values)),
            GRACE.of(values),
            AdmissionLimits.of(values),
            UsageSettings.of(values),
            SchemaRegistry.SETTING.of(values),
            KafkaProperties.of(values)));
  }

  private RouterConfig with(
      Deployment newDeployment,
      Pools newPools,
      String newBootstrap,
      Path newStateDir,
      Set<Lane> newLanes) {
    return new RouterConfig(
        newDeployment,
        newPools,
        newBootstrap,
        newStateDir,
        newLanes,
        streams,
        cache,
        interactive,
        bulk,
        budgets,
        policy,
        circuit,
        slack,
        joining,
        grace,
        admission,
        usage,
        schemaRegistry,
        kafka);
  }

  /** This router on another Kafka, {@code host:port} separated by commas. */
  public RouterConfig withBootstrap(String newBootstrap) {
    return with(deployment, pools, newBootstrap, stateDir, lanes);
  }

  /** This router of another deployment, with its state in that folder. */
  public RouterConfig withDeployment(Deployment newDeployment, Path newStateDir) {
    return with(newDeployment, pools, bootstrap, newStateDir, lanes);
  }

  /** This config with other pools. */
  public RouterConfig withPools(Pools others) {
    return with(deployment, others, bootstrap, stateDir, lanes);
  }

  /** This router for those lanes alone. */
  public RouterConfig withLanes(Set<Lane> newLanes) {
    return with(deployment, pools, bootstrap, stateDir, newLanes);
  }

  /**
   * Who may answer requests.
   *
   * @param applied the policy that holds in place of this configuration's; null where none does
   */
  public RoutingPolicy routing(@Nullable PolicyFile applied) {
    Map<Lane, Duration> queueLimits = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      queueLimits.put(lane, lane(lane).queueLimit());
    }
    PolicyLimits limits = new PolicyLimits(queueLimits, budgets.shared(), budgets.claimed());
    if (applied == null) {
      return new RoutingPolicy(pools, policy, limits);
    }
    return new RoutingPolicy(
        applied.pools(budgets.shared(), budgets.claimed()).orElse(pools), applied.config(), limits);
  }

  /** A lane's Kafka Streams application: its group, and what its changelog begins with. */
  String application(Lane lane) {
    return streams.applicationId() + "-" + lane.topicName();
  }

  /** The consumer group of the routers that share the circuits. */
  String healthGroup() {
    return streams.applicationId() + "-health";
  }

  /** The consumer groups whose committed offsets say how far the lanes served have been read. */
  public Set<String> groups() {
    return lanes.stream().map(this::application).collect(Collectors.toUnmodifiableSet());
  }

  /** Threads and limits of a lane. */
  public LaneSettings lane(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }
}
