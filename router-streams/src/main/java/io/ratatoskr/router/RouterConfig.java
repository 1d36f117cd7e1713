package io.ratatoskr.router;

import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a router runs. {@link #of} reads it from text; every part refuses nonsense naming the key.
 *
 * @param deployment the topics served
 * @param pools the pools of workers that may be asked
 * @param bootstrap Kafka brokers, {@code host:port}, separated by commas
 * @param stateDir folder for local state; state is rebuilt from Kafka where it is lost
 * @param streams the Kafka Streams application
 * @param cache the answer cache
 * @param interactive limits of the interactive lane
 * @param bulk limits of the bulk lane
 * @param attempts how often and when to try again
 * @param slack added to limits before work counts as vanished
 * @param joining how many requests may share a flight
 * @param grace how long a settled flight is kept, in running time
 * @param schemaRegistry where schema ids come from
 * @param kafka settings of every Kafka client, such as those for TLS and SASL
 */
public record RouterConfig(
    Deployment deployment,
    Pools pools,
    String bootstrap,
    Path stateDir,
    Streams streams,
    Cache cache,
    LaneLimits interactive,
    LaneLimits bulk,
    Attempts attempts,
    Duration slack,
    Joining joining,
    Duration grace,
    SchemaRegistry schemaRegistry,
    KafkaProperties kafka) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long MIB = 1024 * 1024;

  static final Setting<String> APPLICATION_ID =
      Setting.text(
          "router-application-id",
          "ratatoskr-router",
          "letters, digits, '.', '_', '-'",
          id -> id.matches("[a-zA-Z0-9._-]{1,100}"),
          "Names the consumer group and prefixes the changelog topics; alike in all instances.");
  static final Setting<String> INSTANCE_ID =
      Setting.text(
          "router-instance-id",
          "",
          "letters, digits, '.', '_', '-', or empty",
          id -> id.matches("[a-zA-Z0-9._-]{0,200}"),
          "Names this router in its group, so that it takes its partitions back at once when it"
              + " returns after a crash; no two routers may have the same. Where it is empty the"
              + " router makes one and keeps it in its data folder.");
  static final Setting<Integer> THREADS =
      Setting.integer("router-threads", 2, 1, 64, "Stream threads in this process.");
  static final Setting<Duration> COMMIT_INTERVAL =
      Setting.duration(
          "router-commit-interval",
          SECOND,
          Duration.ofMillis(10),
          Duration.ofSeconds(4),
          "Time between commits: how much is done again after a crash.");
  static final Setting<String> STORE =
      Setting.text(
          "router-store",
          "rocksdb",
          "rocksdb or memory",
          kind -> kind.equals("rocksdb") || kind.equals("memory"),
          "Where flights are held: on disk with a bounded cache, or on the heap.");
  static final Setting<Long> STORE_MEMORY =
      Setting.number(
          "router-store-memory",
          128 * MIB,
          8 * MIB,
          Long.MAX_VALUE,
          "Bytes for the block cache and write buffers of all RocksDB stores together.");
  static final Setting<String> CACHE_ENABLED =
      Setting.text(
          "cache",
          "off",
          "on or off",
          value -> value.equals("on") || value.equals("off"),
          "Whether answers are kept for requests that allow it.");
  static final Setting<Duration> CACHE_TTL =
      Setting.duration(
          "cache-ttl",
          Duration.ofHours(1),
          SECOND,
          Duration.ofDays(30),
          "How long a stored answer serves.");
  static final Setting<Long> CACHE_BYTES =
      Setting.number(
          "cache-task-bytes",
          256 * MIB,
          MIB,
          Long.MAX_VALUE,
          "Bytes of answers that one partition keeps; the oldest go first.");
  static final Setting<Integer> CACHE_ANSWER_BYTES =
      Setting.integer(
          "cache-answer-bytes", 64 * 1024, 1024, 1024 * 1024, "Largest answer that is stored.");
  static final Setting<Duration> QUEUE_INTERACTIVE =
      Setting.duration(
          "queue-limit-interactive",
          Duration.ofSeconds(30),
          SECOND,
          DAY,
          "Longest wait in a work queue of the interactive lane.");
  static final Setting<Duration> QUEUE_BULK =
      Setting.duration(
          "queue-limit-bulk",
          DAY,
          SECOND,
          Duration.ofDays(30),
          "Longest wait in a work queue of the bulk lane.");
  static final Setting<Duration> TIMEOUT_INTERACTIVE =
      Setting.duration(
          "default-timeout-interactive",
          Duration.ofSeconds(30),
          Duration.ofMillis(1),
          Duration.ofDays(365),
          "Timeout of an interactive request that names none.");
  static final Setting<Duration> TIMEOUT_BULK =
      Setting.duration(
          "default-timeout-bulk",
          Duration.ofDays(7),
          Duration.ofMillis(1),
          Duration.ofDays(365),
          "Timeout of a bulk request that names none.");
  static final Setting<Integer> ATTEMPTS =
      Setting.integer("attempts", 3, 1, 100, "Attempts at one candidate before the next one.");
  static final Setting<Duration> BACKOFF =
      Setting.duration(
          "backoff",
          Duration.ofMillis(500),
          Duration.ofMillis(1),
          Duration.ofMinutes(10),
          "Pause before the second attempt; doubles with each further one, less up to a half.");
  static final Setting<Duration> LONGEST_BACKOFF =
      Setting.duration(
          "longest-backoff",
          Duration.ofSeconds(30),
          Duration.ofMillis(1),
          Duration.ofHours(1),
          "Longest pause, also where a provider asks for more.");
  static final Setting<Duration> BUDGET =
      Setting.duration(
          "execution-budget",
          Duration.ofSeconds(60),
          SECOND,
          DAY,
          "Longest execution of one attempt where workers share their work.");
  static final Setting<Duration> GENERATION_BUDGET =
      Setting.duration(
          "generation-budget",
          Duration.ofMinutes(10),
          SECOND,
          DAY,
          "Longest execution of one attempt where workers claim it, as for chat and generate.");
  static final Setting<Duration> SLACK =
      Setting.duration(
          "slack",
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMinutes(10),
          "What is added to limits before work counts as vanished.");
  static final Setting<Integer> WAITERS =
      Setting.integer(
          "flight-waiters", 100_000, 1, 10_000_000, "Requests that may wait for one inference.");
  static final Setting<Long> REPLY_BYTES =
      Setting.number(
          "flight-reply-bytes",
          256 * MIB,
          MIB,
          Long.MAX_VALUE,
          "Bytes of replies to the requests that waited for one inference.");
  static final Setting<Duration> GRACE =
      Setting.duration(
          "grace",
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          DAY,
          "How long a settled flight is kept, in running time of the router.");

  /** The Kafka Streams application. */
  public record Streams(
      String applicationId,
      String instanceId,
      int threads,
      Duration commitInterval,
      String store,
      long storeMemory) {
    public Streams {
      APPLICATION_ID.check(applicationId);
      INSTANCE_ID.check(instanceId);
      THREADS.check(threads);
      COMMIT_INTERVAL.check(commitInterval);
      STORE.check(store);
      STORE_MEMORY.check(storeMemory);
    }

    boolean inMemory() {
      return store.equals("memory");
    }
  }

  /** The answer cache. */
  public record Cache(boolean enabled, Duration ttl, long taskBytes, int answerBytes) {
    public Cache {
      CACHE_TTL.check(ttl);
      CACHE_BYTES.check(taskBytes);
      CACHE_ANSWER_BYTES.check(answerBytes);
    }
  }

  /** Limits of a lane. */
  public record LaneLimits(Duration queueLimit, Duration defaultTimeout) {}

  /** How often and when to try again. */
  public record Attempts(int perCandidate, Duration backoff, Duration longestBackoff) {
    public Attempts {
      ATTEMPTS.check(perCandidate);
      BACKOFF.check(backoff);
      LONGEST_BACKOFF.check(longestBackoff);
      if (longestBackoff.compareTo(backoff) < 0) {
        throw new IllegalArgumentException(
            LONGEST_BACKOFF.key() + ": is shorter than " + BACKOFF.key());
      }
    }
  }

  /** How many requests may share a flight. */
  public record Joining(int waiters, long replyBytes) {
    public Joining {
      WAITERS.check(waiters);
      REPLY_BYTES.check(replyBytes);
    }
  }

  public RouterConfig {
    if (bootstrap.isBlank()) {
      throw new IllegalArgumentException("bootstrap: name at least one host:port");
    }
    QUEUE_INTERACTIVE.check(interactive.queueLimit());
    QUEUE_BULK.check(bulk.queueLimit());
    SLACK.check(slack);
    GRACE.check(grace);
    shorter(TIMEOUT_INTERACTIVE, interactive.defaultTimeout(), deployment);
    shorter(TIMEOUT_BULK, bulk.defaultTimeout(), deployment);
  }

  private static void shorter(Setting<Duration> setting, Duration timeout, Deployment deployment) {
    setting.check(timeout);
    if (timeout.compareTo(deployment.longestDeadline()) > 0) {
      throw new IllegalArgumentException(
          setting.key() + ": is longer than longest-deadline, " + deployment.longestDeadline());
    }
  }

  /** Every key, in the order of the documentation. */
  public static List<Setting<?>> settings() {
    return List.of(
        APPLICATION_ID,
        INSTANCE_ID,
        THREADS,
        COMMIT_INTERVAL,
        STORE,
        STORE_MEMORY,
        QUEUE_INTERACTIVE,
        QUEUE_BULK,
        TIMEOUT_INTERACTIVE,
        TIMEOUT_BULK,
        BUDGET,
        GENERATION_BUDGET,
        SLACK,
        ATTEMPTS,
        BACKOFF,
        LONGEST_BACKOFF,
        WAITERS,
        REPLY_BYTES,
        GRACE,
        CACHE_ENABLED,
        CACHE_TTL,
        CACHE_BYTES,
        CACHE_ANSWER_BYTES,
        SchemaRegistry.SETTING);
  }

  /**
   * A router of that deployment. A key that starts with {@code kafka.} is a property of every Kafka
   * client.
   *
   * @param values texts by key; keys that are absent take their defaults
   * @throws IllegalArgumentException naming the key that is unknown or whose value is not allowed
   */
  public static RouterConfig of(
      Deployment deployment, String bootstrap, Path stateDir, Map<String, String> values) {
    Set<String> unknown = new HashSet<>(values.keySet());
    settings().forEach(setting -> unknown.remove(setting.key()));
    unknown.removeIf(KafkaProperties::has);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown keys of the router: " + unknown);
    }
    return new RouterConfig(
        deployment,
        Pools.standard(BUDGET.of(values), GENERATION_BUDGET.of(values)),
        bootstrap,
        stateDir,
        new Streams(
            APPLICATION_ID.of(values),
            INSTANCE_ID.of(values),
            THREADS.of(values),
            COMMIT_INTERVAL.of(values),
            STORE.of(values),
            STORE_MEMORY.of(values)),
        new Cache(
            CACHE_ENABLED.of(values).equals("on"),
            CACHE_TTL.of(values),
            CACHE_BYTES.of(values),
            CACHE_ANSWER_BYTES.of(values)),
        new LaneLimits(QUEUE_INTERACTIVE.of(values), TIMEOUT_INTERACTIVE.of(values)),
        new LaneLimits(QUEUE_BULK.of(values), TIMEOUT_BULK.of(values)),
        new Attempts(ATTEMPTS.of(values), BACKOFF.of(values), LONGEST_BACKOFF.of(values)),
        SLACK.of(values),
        new Joining(WAITERS.of(values), REPLY_BYTES.of(values)),
        GRACE.of(values),
        SchemaRegistry.SETTING.of(values),
        KafkaProperties.of(values));
  }

  /** This config with other pools. */
  public RouterConfig withPools(Pools others) {
    return new RouterConfig(
        deployment,
        others,
        bootstrap,
        stateDir,
        streams,
        cache,
        interactive,
        bulk,
        attempts,
        slack,
        joining,
        grace,
        schemaRegistry,
        kafka);
  }

  LaneLimits lane(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }
}
