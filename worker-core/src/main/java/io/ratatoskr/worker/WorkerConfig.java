package io.ratatoskr.worker;

import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.Setting;
import io.ratatoskr.schemas.WorkerPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is started with; the keys and their meaning stand in {@link #settings()}.
 *
 * @param workerId unique among all workers; see {@link #newWorkerId}
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

  /** How work is taken from its topic. */
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

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}");

  static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
          "bootstrap",
          "127.0.0.1:9092",
          "host:port, several separated by commas",
          text -> !text.isBlank(),
          "Where Kafka is.");
  static final Setting<String> WORKER_ID =
      Setting.text(
          "worker-id",
          "",
          "letters, digits, '.', '_', '-', at most 128; empty makes one",
          text -> text.isEmpty() || ID.matcher(text).matches(),
          "Name of this worker in the catalog and in answers; unique among all workers.");
  static final Setting<String> POOL_NAME =
      Setting.text(
          "worker-pool",
          "default",
          "letters, digits, '_', '-', at most 64",
          WorkerPool::isName,
          "The pool whose work it takes.");
  static final Setting<String> LANES =
      Setting.text(
          "worker-lanes",
          "interactive,bulk",
          "interactive, bulk, or both separated by a comma",
          text -> !lanes(text).isEmpty(),
          "The lanes whose work it takes.");
  static final Setting<String> QUEUE =
      Setting.text(
          "worker-queue",
          "auto",
          "auto, shared or claimed",
          text -> queueChoice(text) != null,
          "How work is taken: by a share group, by a consumer group with a claim before each run,"
              + " or by what the broker has.");
  static final Setting<Duration> POLL_BUDGET =
      Setting.duration(
          "worker-poll-budget",
          Duration.ofMillis(250),
          Duration.ofMillis(10),
          Duration.ofSeconds(5),
          "Most computing time that one poll of a share group takes from the others, by this"
              + " worker's own measured speed.");
  static final Setting<Integer> BULK_SHARE =
      Setting.integer(
          "worker-bulk-share",
          12,
          1,
          100,
          "Percent of the time kept for bulk while interactive work waits.");
  static final Setting<Integer> SLOTS =
      Setting.integer(
          "worker-slots",
          16,
          1,
          10_000,
          "Most claimed interactive requests at once; bulk has a quarter.");
  static final Setting<Duration> LOCK =
      Setting.duration(
          "worker-lock",
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          "How long a share group keeps a record for a worker that says nothing. The broker's"
              + " bounds apply.");
  static final Setting<Integer> LOCKS =
      Setting.integer(
          "worker-locks", 4_000, 100, 10_000, "Records of one partition that may be held at once.");
  static final Setting<Integer> DELIVERY_LIMIT =
      Setting.integer(
          "worker-delivery-limit",
          10,
          2,
          10,
          "Deliveries after which a share group drops a record.");
  static final Setting<Duration> SESSION_TIMEOUT =
      Setting.duration(
          "worker-session-timeout",
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "After it a silent member of a consumer group has left.");
  static final Setting<Duration> HEARTBEAT =
      Setting.duration(
          "worker-heartbeat",
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          "How often it tells the catalog that it lives; the router waits for 3 s.");

  public WorkerConfig {
    BOOTSTRAP_SERVERS.check(bootstrapServers);
    if (!ID.matcher(workerId).matches()) {
      throw new IllegalArgumentException(
          "worker-id: must be " + WORKER_ID.allowed() + ", is '" + workerId + "'");
    }
    POOL_NAME.check(pool);
    if (lanes.isEmpty()) {
      throw new IllegalArgumentException("worker-lanes: name at least one");
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
      throw new IllegalArgumentException(
          "worker-poll-budget: must be at most a third of worker-lock ("
              + lock
              + "), is "
              + pollBudget);
    }
  }

  /** The share group through which a pool's workers take a lane's work. */
  public static String shareGroup(String pool, Lane lane) {
    return "ratatoskr.share." + lane.topicName() + "." + pool;
  }

  /** All keys, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return List.of(
        BOOTSTRAP_SERVERS,
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
        HEARTBEAT,
        SchemaRegistry.SETTING);
  }

  /** The defaults, for a pool; takes both lanes. */
  public static WorkerConfig of(String bootstrapServers, String pool) {
    return of(Map.of(BOOTSTRAP_SERVERS.key(), bootstrapServers, POOL_NAME.key(), pool));
  }

  /**
   * The values under {@link #settings()}'s keys. A key that starts with {@code kafka.} is a
   * property of every Kafka client.
   *
   * @throws IllegalArgumentException naming a key that is unknown, or one and what it takes
   */
  public static WorkerConfig of(Map<String, String> values) {
    for (String key : values.keySet()) {
      if (!KafkaProperties.has(key)
          && settings().stream().noneMatch(setting -> setting.key().equals(key))) {
        throw new IllegalArgumentException(key + ": a worker has no such setting");
      }
    }
    String id = WORKER_ID.of(values);
    QueueChoice choice = queueChoice(QUEUE.of(values));
    return new WorkerConfig(
        BOOTSTRAP_SERVERS.of(values),
        id.isEmpty() ? newWorkerId(POOL_NAME.of(values)) : id,
        POOL_NAME.of(values),
        lanes(LANES.of(values)),
        choice == null ? QueueChoice.AUTO : choice,
        POLL_BUDGET.of(values),
        BULK_SHARE.of(values),
        SLOTS.of(values),
        LOCK.of(values),
        LOCKS.of(values),
        DELIVERY_LIMIT.of(values),
        SESSION_TIMEOUT.of(values),
        HEARTBEAT.of(values),
        SchemaRegistry.SETTING.of(values),
        KafkaProperties.of(values));
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
                pool,
                host.substring(0, Math.min(host.length(), 40)),
                ProcessHandle.current().pid(),
                Long.toString(System.nanoTime() & 0xFFFF_FFFFL, 36));
    return id;
  }

  private static Set<Lane> lanes(String text) {
    Set<String> names =
        Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    EnumSet<Lane> lanes = EnumSet.noneOf(Lane.class);
    for (Lane lane : Lane.values()) {
      if (names.remove(lane.topicName())) {
        lanes.add(lane);
      }
    }
    return names.isEmpty() ? lanes : Set.of();
  }

  private static @Nullable QueueChoice queueChoice(String text) {
    for (QueueChoice choice : QueueChoice.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
        return choice;
      }
    }
    return null;
  }
}
