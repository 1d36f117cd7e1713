package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every topic: its name, what it keeps, who writes and who reads it. Clients' topics stand under
 * their domain, one request and one reply topic for each lane; everything under {@value
 * #SYSTEM_PREFIX} belongs to router and workers.
 */
public final class Topics {
  /** First part of the names of all topics that are no client's. */
  public static final String SYSTEM_PREFIX = "ratatoskr.sys";

  private static final String ANY_POOL_NAME = "POOL";

  /** Stands for all pools in the documentation. */
  private static final WorkerPool ANY_POOL =
      new WorkerPool(
          ANY_POOL_NAME,
          Set.of(Capability.values()),
          WorkerPool.Taking.SHARED,
          Duration.ofSeconds(1),
          Location.LOCAL);

  /** Most bytes that a partition keeps of what only operators read. */
  private static final long OPERATOR_BYTES = 1L << 30;

  private static final String CLIENTS = "clients";
  private static final String ROUTER = "router";
  private static final String WORKERS = "workers";
  private static final String OPERATOR = "operator";

  private Topics() {}

  /** The topic of a capability's requests. */
  public static String requests(Domain domain, Lane lane, Capability capability) {
    return domain + "." + lane.topicName() + ".requests." + capability.topicName();
  }

  /** The topic of replies and token chunks. */
  public static String replies(Domain domain, Lane lane) {
    return domain + repliesSuffix(lane);
  }

  /** Whether that is the topic of some domain's replies. */
  public static boolean isReplies(String topic, Lane lane) {
    return topic.endsWith(repliesSuffix(lane)) && !topic.startsWith(SYSTEM_PREFIX + ".");
  }

  private static String repliesSuffix(Lane lane) {
    return "." + lane.topicName() + ".replies";
  }

  /** The topic on which clients call requests back. */
  public static String cancellations(Domain domain, Lane lane) {
    return domain + "." + lane.topicName() + ".cancellations";
  }

  /** The topic of the work of a pool. */
  public static String work(Lane lane, String pool) {
    return SYSTEM_PREFIX + "." + lane.topicName() + ".work." + pool;
  }

  /**
   * The topic of the work of a queue of a pool.
   *
   * @param queue empty for the pool's own
   */
  public static String work(Lane lane, String pool, String queue) {
    return queue.isEmpty() ? work(lane, pool) : work(lane, pool) + "." + queue;
  }

  /** The queue whose topic of a pool's work that is; empty where it is the topic of none. */
  public static Optional<String> queue(String topic, Lane lane, String pool) {
    String before = work(lane, pool) + ".";
    return topic.startsWith(before) && WorkerPool.isName(topic.substring(before.length()))
        ? Optional.of(topic.substring(before.length()))
        : Optional.empty();
  }

  /** The topic of workers' reports. */
  public static String results(Lane lane) {
    return SYSTEM_PREFIX + "." + lane.topicName() + ".results";
  }

  /** The topic of workers' heartbeats. */
  public static String catalog() {
    return SYSTEM_PREFIX + ".catalog";
  }

  /** The topic of the operator's policy. */
  public static String policy() {
    return SYSTEM_PREFIX + ".policy";
  }

  /** The topic on which routers count what became of attempts. */
  public static String outcomes() {
    return SYSTEM_PREFIX + ".outcomes";
  }

  /** The topic of the router's view of who is well. */
  public static String health() {
    return SYSTEM_PREFIX + ".health";
  }

  /**
   * The topic of work that workers shall not begin, and shall stop where they run it. It is kept as
   * long as work is, so that a worker that starts knows what was cancelled in its queue.
   */
  public static String aborts() {
    return SYSTEM_PREFIX + ".aborts";
  }

  /** The topic of usage, by tenant. */
  public static String usage() {
    return SYSTEM_PREFIX + ".usage";
  }

  /** The topic of records that could not be handled. */
  public static String deadLetters() {
    return SYSTEM_PREFIX + ".dead-letters";
  }

  /** The parts of a request topic's name. */
  public record RequestTopic(Domain domain, Lane lane, Capability capability) {

    /** Takes a topic's name apart, if it is that of a request topic. */
    public static Optional<RequestTopic> parse(String topic) {
      for (Lane lane : Lane.values()) {
        String middle = "." + lane.topicName() + ".requests.";
        int at = topic.lastIndexOf(middle);
        if (at > 0) {
          Domain domain = new Domain(topic.substring(0, at));
          return Capability.ofTopicName(topic.substring(at + middle.length()))
              .map(capability -> new RequestTopic(domain, lane, capability));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * The times of a lane that its topics keep to.
   *
   * @param queueLimit longest wait in its work queues
   * @param replyRetention how long its replies are kept
   */
  public record LaneTimes(Duration queueLimit, Duration replyRetention) {
    private static LaneTimes standard(Lane lane) {
      return new LaneTimes(
          lane == Lane.BULK ? Duration.ofHours(24) : Duration.ofSeconds(30), Duration.ofDays(1));
    }
  }

  /** The topics of a deployment with the default queue limits and pools. */
  public static List<TopicSpec> of(Deployment deployment) {
    return of(deployment, EnumSet.allOf(Lane.class));
  }

  /** The same, for these lanes alone. */
  public static List<TopicSpec> of(Deployment deployment, Set<Lane> lanes) {
    return of(deployment, lanes, Map.of(), Pools.standard());
  }

  /**
   * The topics of a deployment.
   *
   * @param lanes the lanes that are served
   * @param times the lanes' times; the default of those that are not among them
   */
  public static List<TopicSpec> of(
      Deployment deployment, Set<Lane> lanes, Map<Lane, LaneTimes> times, Pools pools) {
    List<TopicSpec> specs = new ArrayList<>();
    int p = deployment.partitions();
    Duration day = Duration.ofDays(1);
    Duration longest = deployment.longestDeadline();
    for (Domain domain : deployment.domains()) {
      for (Lane lane : lanes) {
        LaneTimes of = times.getOrDefault(lane, LaneTimes.standard(lane));
        for (Capability capability : Capability.values()) {
          specs.add(
              new TopicSpec(
                  requests(domain, lane, capability),
                  p,
                  deleted(longest.plus(day), Map.of("message.timestamp.type", "LogAppendTime")),
                  "longest deadline + 1 day, by append time",
                  CLIENTS,
                  ROUTER + ", " + WORKERS));
        }
        specs.add(
            new TopicSpec(
                replies(domain, lane),
                deployment.replyPartitions(),
                deleted(of.replyRetention(), Map.of()),
                "reply retention, 1 day",
                ROUTER + ", " + WORKERS,
                CLIENTS));
        specs.add(
            new TopicSpec(
                cancellations(domain, lane),
                p,
                deleted(longest, Map.of("message.timestamp.type", "LogAppendTime")),
                "longest deadline",
                CLIENTS + ", " + ROUTER,
                ROUTER));
      }
    }
    for (Lane lane : lanes) {
      Duration queueLimit = times.getOrDefault(lane, LaneTimes.standard(lane)).queueLimit();
      for (WorkerPool pool : pools.all()) {
        specs.add(workOf(work(lane, pool.name()), pool.partitions(deployment), queueLimit));
      }
      specs.add(new TopicSpec(results(lane), p, deleted(day, Map.of()), "1 day", WORKERS, ROUTER));
    }
    specs.add(new TopicSpec(catalog(), 1, compacted(), "latest per worker", WORKERS, "all"));
    specs.add(new TopicSpec(policy(), 1, compacted(), "latest", OPERATOR, "all"));
    specs.add(new TopicSpec(health(), 1, compacted(), "latest per pool and model", ROUTER, "all"));
    specs.add(
        new TopicSpec(
            outcomes(), p, deleted(Duration.ofHours(1), Map.of()), "1 h", ROUTER, ROUTER));
    Duration longestQueue =
        lanes.stream()
            .map(lane -> times.getOrDefault(lane, LaneTimes.standard(lane)).queueLimit())
            .max(Comparator.naturalOrder())
            .orElse(day);
    specs.add(
        new TopicSpec(
            aborts(),
            1,
            deleted(longestQueue.plusHours(1), Map.of()),
            "queue limit + 1 h",
            ROUTER,
            WORKERS));
    Map<String, String> month =
        deleted(Duration.ofDays(30), Map.of("retention.bytes", Long.toString(OPERATOR_BYTES)));
    String keeps = "30 days, 1 GiB a partition";
    specs.add(new TopicSpec(usage(), p, month, keeps, ROUTER, OPERATOR));
    specs.add(
        new TopicSpec(
            deadLetters(), p, month, keeps, ROUTER + ", " + WORKERS + ", " + OPERATOR, OPERATOR));
    return specs;
  }

  /**
   * The work topics of queues of pools.
   *
   * @param partitions of the work topics of each pool, by its name
   * @param queues the names of each pool's queues, by its name; all of these pools are among those
   */
  public static List<TopicSpec> ofQueues(
      Set<Lane> lanes,
      Map<Lane, LaneTimes> times,
      Map<String, Integer> partitions,
      Map<String, Set<String>> queues) {
    List<TopicSpec> specs = new ArrayList<>();
    new TreeMap<>(queues)
        .forEach((pool, own) -> {
          for (Lane lane : lanes) {
            Duration queueLimit = times.getOrDefault(lane, LaneTimes.standard(lane)).queueLimit();
            for (String queue : new TreeSet<>(own)) {
              String topic = work(lane, pool, queue);
              specs.add(workOf(topic, partitions.getOrDefault(pool, 1), queueLimit));
            }
          }
        });
    return specs;
  }

  private static TopicSpec workOf(String topic, int partitions, Duration queueLimit) {
    return new TopicSpec(
        topic,
        partitions,
        deleted(queueLimit.plusHours(1), Map.of()),
        "queue limit + 1 h",
        ROUTER,
        WORKERS);
  }

  /** The topics of a deployment as a page in Markdown: kinds of topics, sorted by name. */
  static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Topics

            `DOMAIN` is a topic prefix (`%s` unless configured), the boundary of trust between \
            tenants. `LANE` is `interactive` or `bulk`. `POOL` is `embed`, `nli`, `chat` or a pool of \
            the [configuration](configuration.md#pools), `QUEUE` one of its \
            [queues](configuration.md#queues). P partitions are configured, the same for \
            requests, results and cancellations; %d in a cluster, %d all-in-one. A pool's work topic \
            starts with one partition where its workers share a queue, with P where they claim.

            | topic | partitions | cleanup | keeps | written by | read by |
            |---|---|---|---|---|---|
            """
                .formatted(
                    Domain.DEFAULT,
                    Deployment.cluster().partitions(),
                    Deployment.allInOne().partitions()));
    Deployment cluster = Deployment.cluster();
    Set<Lane> lanes = EnumSet.allOf(Lane.class);
    Pools any = new Pools(List.of(ANY_POOL));
    Stream.concat(
            of(cluster, lanes, Map.of(), any).stream(),
            ofQueues(
                lanes, Map.of(), Map.of(ANY_POOL_NAME, 1), Map.of(ANY_POOL_NAME, Set.of("QUEUE")))
                .stream())
        .map(spec -> spec.row(cluster.partitions()))
        .map(Topics::kind)
        .distinct()
        .sorted()
        .forEach(page::append);
    return page.append(
            """

            A router keeps its state in topics of its own, one for each lane, compacted, with P \
            partitions: `ratatoskr-router-LANE-flights-changelog`. Their names begin with \
            `router.application-id`, as those of its consumer groups do: `ratatoskr-router-LANE`, \
            and `ratatoskr-router-health` for circuits. Workers take work in groups whose names \
            begin with `ratatoskr.share.` and `ratatoskr.claim.`; those of a queue's topic are made \
            by `policy apply` and `topics create`, and workers find them by their names.
            """)
        .toString();
  }

  private static String kind(String row) {
    String kind = row.replace(Domain.DEFAULT.prefix() + ".", "DOMAIN.");
    for (Lane lane : Lane.values()) {
      kind = kind.replace("." + lane.topicName() + ".", ".LANE.");
    }
    for (Capability capability : Capability.values()) {
      kind = kind.replace(".requests." + capability.topicName() + "`", ".requests.CAPABILITY`");
    }
    return kind;
  }

  private static Map<String, String> deleted(Duration retention, Map<String, String> more) {
    Map<String, String> config = new HashMap<>();
    config.put("cleanup.policy", "delete");
    config.put("retention.ms", Long.toString(retention.toMillis()));
    config.put("retention.bytes", "-1");
    config.put("max.message.bytes", Integer.toString(Limits.MESSAGE_BYTES));
    config.putAll(more);
    return config;
  }

  private static Map<String, String> compacted() {
    return Map.of(
        "cleanup.policy", "compact", "max.message.bytes", Integer.toString(Limits.MESSAGE_BYTES));
  }
}
