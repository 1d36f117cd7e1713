package io.ratatoskr.worker;

import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of a worker; {@link #settings()} has the keys. The constructor refuses what is
 * out of range and names the key.
 *
 * @param bootstrapServers {@code host:port} of brokers, separated by commas
 * @param workerId unique among all workers, at most 128 letters, digits and {@code . _ -}; see
 *     {@link #newWorkerId}
 * @param pool name of the pool whose work it takes; empty until whoever starts it has chosen one
 * @param lanes the lanes whose work it takes, at least one
 * @param queue how it takes work from its topics
 * @param pollBudget most computing time that one poll of a share group takes, 10 ms to 5 s and at
 *     most a third of {@code lock}
 * @param bulkShare percent of the time that is kept for bulk while interactive work waits, 1 to 100
 * @param slots most claimed interactive requests at once, 1 to 10,000; bulk has a quarter of them
 * @param lock how long a share group keeps a record for a silent worker, 1 s to 1 h
 * @param locks records of one partition that may be locked at once, 100 to 10,000
 * @param deliveryLimit deliveries after which a share group drops a record, 2 to 10
 * @param sessionTimeout silence after which a member of a consumer group has left, 1 s to 5 min
 * @param heartbeat time between two heartbeats to the catalog, 100 ms to 2 s
 * @param schemaRegistry where schema ids come from
 * @param kafka further properties of every Kafka client, such as those for TLS and SASL
 */
public record WorkerConfig(
    String bootstrapServers,
    String workerId,
    String pool,
    Set<Lane> lanes,
    QueueChoice queue,
    Duration pollBudget,
    int bulkShare,
    int slots,
    Duration lock,
    int locks,
    int deliveryLimit,
    Duration sessionTimeout,
    Duration heartbeat,
    SchemaRegistry schemaRegistry,
    KafkaProperties kafka) {

  /** The ways of taking work from a topic. */
  public enum QueueChoice {
    /**
     * By a share group where the engine allows and the broker has them, else by a consumer group.
     */
    AUTO,
    /** By a share group: workers of any speed share each partition. */
    SHARED,
    /** By a consumer group; each record is claimed before it is run, so that none is paid twice. */
    CLAIMED
  }

  /** The first part of the names of workers that have no pool yet. */
  private static final String NO_POOL = "worker";

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}");

  static final Setting<String> WORKER_ID =
      Setting.text(
          "workers.id",
          "",
          "letters, digits, '.', '_', '-', at most 128; empty makes one",
          text -> text.isEmpty() || ID.matcher(text).matches(),
          "Name of this worker in the catalog and in answers; unique among all workers. In `up`"
              + " each worker has its pool's name behind it, as in `w1-embed`.");
  public static final Setting<String> POOL_NAME =
      Setting.text(
          "workers.pool",
          "",
          "the name of a pool, or empty",
          text -> text.isEmpty() || WorkerPool.isName(text),
          "The pool of `[[pools]]` whose work it takes, for `serve`. Where it is empty, and in"
              + " `up`, that is `embed`, `nli` or `chat`, by what the worker can do.");
  static final Setting<List<String>> LANES =
      Setting.list(
          "workers.lanes",
          List.of("interactive", "bulk"),
          "interactive, bulk",
          name -> Lane.named(name).isPresent(),
          "The lanes whose work it takes; in the process of a router those of the router.");
  static final Setting<QueueChoice> QUEUE =
      Setting.choice(
          "workers.queue",
          QueueChoice.AUTO,
          "How work is taken: by a share group, by a consumer group with a claim before each run,"
              + " or by what the broker has.");
  static final Setting<Duration> POLL_BUDGET =
      Setting.duration(
          "workers.poll-budget",
          Duration.ofMillis(250),
          Duration.ofMillis(10),
          Duration.ofSeconds(5),
          "Most computing time that one poll of a share group takes from the others, by this"
              + " worker's own measured speed.");
  static final Setting<Integer> BULK_SHARE =
      Setting.integer(
              "workers.bulk-share",
              50,
              1,
              100,
              "Percent of the time kept for bulk while interactive work waits.")
          .whileRunning();
  static final Setting<Integer> SLOTS =
      Setting.integer(
          "workers.slots",
          16,
          1,
          10_000,
          "Most claimed interactive requests at once; bulk has a quarter. A provider's workers have"
              + " its `concurrent` instead.");
  static final Setting<Duration> LOCK =
      Setting.duration(
          "workers.lock",
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          "How long a share group keeps a record for a worker that says nothing. The broker's"
              + " bounds apply.");
  static final Setting<Integer> LOCKS =
      Setting.integer(
          "workers.locks",
          4_000,
          100,
          10_000,
          "Records of one partition that may be held at once.");
  static final Setting<Integer> DELIVERY_LIMIT =
      Setting.integer(
          "workers.delivery-limit",
          10,
          2,
          10,
          "Deliveries after which a share group drops a record.");
  static final Setting<Duration> SESSION_TIMEOUT =
      Setting.duration(
          "workers.session-timeout",
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "After it a silent member of a consumer group has left.");
  static final Setting<Duration> HEARTBEAT =
      Setting.duration(
          "workers.heartbeat",
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          "How often it tells the catalog that it lives; the router waits for 3 s.");

  public WorkerConfig {
    KafkaProperties.BOOTSTRAP.check(bootstrapServers);
    if (workerId.isEmpty()) {
      throw new InvalidSettingException(WORKER_ID.key(), "must not be empty here");
    }
    WORKER_ID.check(workerId);
    POOL_NAME.check(pool);
    if (lanes.isEmpty()) {
      throw new InvalidSettingException(LANES.key(), "name at least one");
    }
    lanes = Set.copyOf(lanes);
    POLL_BUDGET.check(pollBudget);
    BULK_SHARE.check(bulkShare);
    SLOTS.check(slots);
    LOCK.check(lock);
    LOCKS.check(locks);
    DELIVERY_LIMIT.check(deliveryLimit);
    SESSION_TIMEOUT.check(sessionTimeout);
    HEARTBEAT.check(heartbeat);
    if (pollBudget.multipliedBy(3).compareTo(lock) > 0) {
      throw new InvalidSettingException(
          POLL_BUDGET.key(),
          "must be at most a third of %s (%s), is %s".formatted(LOCK.key(), lock, pollBudget));
    }
  }

  /**
   * The share group through which a pool's workers take a lane's work from a queue; empty for the
   * pool's own.
   */
  public static String shareGroup(String pool, Lane lane, String queue) {
    return group("share", pool, lane, queue);
  }

  /** The consumer group through which they claim it. */
  public static String claimGroup(String pool, Lane lane, String queue) {
    return group("claim", pool, lane, queue);
  }

  private static String group(String taking, String pool, Lane lane, String queue) {
    String own = "ratatoskr." + taking + "." + lane.topicName() + "." + pool;
    return queue.isEmpty() ? own : own + "." + queue;
  }

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section(
          "workers",
          "For `serve embed`, `serve nli` and `serve gateway`, and for the workers in `up` and in"
              + " commands without `--bootstrap`.",
          List.of(
              WORKER_ID,
              POOL_NAME,
              LANES,
              QUEUE,
              POLL_BUDGET,
              BULK_SHARE,
              SLOTS,
              LOCK,
              LOCKS,
              DELIVERY_LIMIT,
              SESSION_TIMEOUT,
              HEARTBEAT));

  /** All keys, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return Stream.of(SECTION, SchemaRegistry.SECTION, KafkaProperties.SECTION)
        .<Setting<?>>flatMap(section -> section.settings().stream())
        .toList();
  }

  /** The defaults, for a pool; takes both lanes. */
  public static WorkerConfig of(String bootstrapServers, String pool) {
    return of(Values.none()).withBootstrap(bootstrapServers).withPool(pool);
  }

  /**
   * The values under {@link #settings()}'s keys; others are not looked at.
   *
   * @throws InvalidSettingException naming a key and what it takes
   */
  public static WorkerConfig of(Values values) {
    String id = WORKER_ID.of(values);
    return values.locate(() ->
        new WorkerConfig(
            KafkaProperties.BOOTSTRAP.of(values),
            id.isEmpty() ? newWorkerId(POOL_NAME.of(values)) : id,
            POOL_NAME.of(values),
            lanes(LANES.of(values)),
            QUEUE.of(values),
            POLL_BUDGET.of(values),
            BULK_SHARE.of(values),
            SLOTS.of(values),
            LOCK.of(values),
            LOCKS.of(values),
            DELIVERY_LIMIT.of(values),
            SESSION_TIMEOUT.of(values),
            HEARTBEAT.of(values),
            SchemaRegistry.SETTING.of(values),
            KafkaProperties.of(values)));
  }

  private WorkerConfig with(
      String newBootstrap, String newId, String newPool, Set<Lane> newLanes, QueueChoice newQueue) {
    return with(newBootstrap, newId, newPool, newLanes, newQueue, slots);
  }

  private WorkerConfig with(
      String newBootstrap,
      String newId,
      String newPool,
      Set<Lane> newLanes,
      QueueChoice newQueue,
      int newSlots) {
    return new WorkerConfig(
        newBootstrap,
        newId,
        newPool,
        newLanes,
        newQueue,
        pollBudget,
        bulkShare,
        newSlots,
        lock,
        locks,
        deliveryLimit,
        sessionTimeout,
        heartbeat,
        schemaRegistry,
        kafka);
  }

  /** This config on another Kafka, {@code host:port} separated by commas. */
  public WorkerConfig withBootstrap(String newBootstrap) {
    return with(newBootstrap, workerId, pool, lanes, queue);
  }

  /** This config for another pool; a worker's name that was made up is made up for that pool. */
  public WorkerConfig withPool(String newPool) {
    String id = isNameMadeUp() ? newWorkerId(newPool) : workerId;
    return with(bootstrapServers, id, newPool, lanes, queue);
  }

  /**
   * This config for one of several workers with the same settings: a name that was given has the
   * pool's behind it, so that each has one of its own.
   */
  public WorkerConfig withPoolOfMany(String newPool) {
    String id = isNameMadeUp() ? newWorkerId(newPool) : workerId + "-" + newPool;
    return with(bootstrapServers, id, newPool, lanes, queue);
  }

  private boolean isNameMadeUp() {
    return workerId.startsWith((pool.isEmpty() ? NO_POOL : pool) + "-");
  }

  /** This config for those lanes alone. */
  public WorkerConfig withLanes(Set<Lane> newLanes) {
    return with(bootstrapServers, workerId, pool, newLanes, queue);
  }

  /** This config with work taken in another way. */
  public WorkerConfig withQueue(QueueChoice newQueue) {
    return with(bootstrapServers, workerId, pool, lanes, newQueue);
  }

  /** This config with that many claimed interactive requests at once, 1 to 10,000. */
  public WorkerConfig withSlots(int most) {
    return with(bootstrapServers, workerId, pool, lanes, queue, most);
  }

  /**
   * Refuses a config in which no pool is chosen.
   *
   * @throws InvalidSettingException naming the key
   */
  void requirePool() {
    if (pool.isEmpty()) {
      throw new InvalidSettingException(POOL_NAME.key(), "must not be empty here");
    }
  }

  /** A name that no other process has: pool, host, process id and start time. */
  public static String newWorkerId(String pool) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName().replaceAll("[^a-zA-Z0-9.-]", "-");
    } catch (UnknownHostException e) {
      host = "host";
    }
    String id =
        "%s-%s-%d-%s"
            .formatted(
                pool.isEmpty() ? NO_POOL : pool,
                host.substring(0, Math.min(host.length(), 40)),
                ProcessHandle.current().pid(),
                Long.toString(System.nanoTime() & 0xFFFF_FFFFL, 36));
    return id;
  }

  private static Set<Lane> lanes(List<String> names) {
    return names.stream().flatMap(name -> Lane.named(name).stream()).collect(Collectors.toSet());
  }
}
