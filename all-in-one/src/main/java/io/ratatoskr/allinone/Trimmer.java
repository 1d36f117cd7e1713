package io.ratatoskr.allinone;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.worker.WorkerConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the embedded broker's disk: deletes what nobody reads again. Of results that is what the
 * router has committed; of work, what a pool's groups have acknowledged or claimed; of requests,
 * what the router has committed and answered. Where one client of this JVM is all there is, its
 * confirmations say sooner what of requests is done with, and what it has read of replies; that is
 * kept for a while, so that a successor finds it.
 *
 * <p>Replies to other clients cannot be told apart into read and unread; their topics are bounded
 * by size.
 */
final class Trimmer implements AutoCloseable {
  /**
   * Kept of each partition of replies, where they are not confirmed: more than a client that has
   * stopped reading can have in flight (10,000 bulk records of 32 vectors with 384 dimensions).
   */
  static final long REPLY_BYTES = 512L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration SWEEP = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Admin admin;
  private final Set<String> routerGroups;
  private final Supplier<WorkGroups> workGroups;
  private final Supplier<Optional<Map<TopicPartition, Long>>> openRequests;
  private final Duration period;
  private final Map<TopicPartition, Long> trimmed = new HashMap<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("trimmer").unstarted(this::trimUntilInterrupted);
  private volatile @Nullable Client client;

  /** Finding open requests reads every flight, so it is done once in so many periods. */
  private final long periodsInSweep;

  private long periods;

  /**
   * The only client.
   *
   * @param confirmed the offsets below which it needs nothing more
   * @param readReplies how long replies are kept that it has read, by topic
   * @param read how far it had read that long ago, by partition of replies
   */
  private record Client(
      Supplier<Map<TopicPartition, Long>> confirmed,
      Map<String, Duration> readReplies,
      Map<TopicPartition, OffsetHistory> read) {

    /** The offsets below which nothing is kept. */
    Map<TopicPartition, Long> free(Map<TopicPartition, Long> committed, long nowMs) {
      Map<TopicPartition, Long> free = new HashMap<>(confirmed.get());
      free.replaceAll((partition, offset) -> {
        Duration kept = readReplies.get(partition.topic());
        return kept == null
            ? Math.min(offset, committed.getOrDefault(partition, 0L))
            : read.computeIfAbsent(partition, each -> new OffsetHistory(kept)).past(offset, nowMs);
      });
      return free;
    }
  }

  /**
   * The groups in which workers take work; one that has never had a member is passed over.
   *
   * @param shared share groups
   * @param claimed consumer groups
   */
  record WorkGroups(Set<String> shared, Set<String> claimed) {

    /**
     * The groups of these pools and of the queues that they have now, whichever way work is taken.
     *
     * @param queues the names of each pool's queues, its own, the empty one, among them
     */
    static WorkGroups of(Map<String, Set<String>> queues, Set<Lane> lanes) {
      Set<String> shared = new HashSet<>();
      Set<String> claimed = new HashSet<>();
      queues.forEach((pool, own) -> {
        for (Lane lane : lanes) {
          for (String queue : own) {
            shared.add(WorkerConfig.shareGroup(pool, lane, queue));
            claimed.add(WorkerConfig.claimGroup(pool, lane, queue));
          }
        }
      });
      return new WorkGroups(shared, claimed);
    }
  }

  private Trimmer(
      Admin admin,
      Set<String> routerGroups,
      Supplier<WorkGroups> workGroups,
      Supplier<Optional<Map<TopicPartition, Long>>> openRequests,
      Duration period,
      Duration sweep) {
    this.admin = admin;
    this.routerGroups = routerGroups;
    this.workGroups = workGroups;
    this.openRequests = openRequests;
    this.period = period;
    this.periodsInSweep = Math.max(1, sweep.dividedBy(period));
  }

  /**
   * Begins to trim.
   *
   * @param routerGroups the router's consumer groups, one for each lane that it serves
   * @param workGroups those in which workers take work
   * @param openRequests where unanswered requests begin; empty while that is not known
   */
  static Trimmer start(
      Admin admin,
      Set<String> routerGroups,
      Supplier<WorkGroups> workGroups,
      Supplier<Optional<Map<TopicPartition, Long>>> openRequests) {
    return start(admin, routerGroups, workGroups, openRequests, PERIOD, SWEEP);
  }

  static Trimmer start(
      Admin admin,
      Set<String> routerGroups,
      Supplier<WorkGroups> workGroups,
      Supplier<Optional<Map<TopicPartition, Long>>> openRequests,
      Duration period,
      Duration sweep) {
    Trimmer trimmer = new Trimmer(admin, routerGroups, workGroups, openRequests, period, sweep);
    trimmer.thread.start();
    return trimmer;
  }

  /**
   * There is one client and no other.
   *
   * @param confirmed the offsets below which it needs nothing more
   * @param readReplies how long replies are kept that it has read, by topic
   */
  void confirmedBy(
      Supplier<Map<TopicPartition, Long>> confirmed, Map<String, Duration> readReplies) {
    client = new Client(confirmed, Map.copyOf(readReplies), new HashMap<>());
  }

  private void trimUntilInterrupted() {
    try {
      while (true) {
        Thread.sleep(period);
        try {
          trim();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
          LOG.debug("Trimming is tried again in {}", period, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void trim() throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, Long> committed = committedByRouter();
    Map<TopicPartition, Long> free = acknowledgedWork();
    committed.forEach((partition, offset) -> {
      if (isResults(partition)) {
        free.put(partition, offset);
      }
    });
    Client only = client;
    if (only != null) {
      free.putAll(only.free(committed, TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
    } else if (periods++ % periodsInSweep == 0) {
      free.putAll(answeredRequests(committed));
    }
    Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
    free.entrySet().stream()
        .filter(upTo -> !isTrimmed(upTo))
        .forEach(
            upTo -> deletions.put(upTo.getKey(), RecordsToDelete.beforeOffset(upTo.getValue())));
    if (!deletions.isEmpty()) {
      admin.deleteRecords(deletions).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      deletions.forEach((partition, upTo) -> trimmed.put(partition, upTo.beforeOffset()));
    }
  }

  /** Asks after the committed offsets were read: what is admitted later lies above them. */
  private Map<TopicPartition, Long> answeredRequests(Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> answered = new HashMap<>(committed);
    answered.entrySet().removeIf(entry -> isTrimmed(entry) || !isRequests(entry.getKey()));
    if (answered.isEmpty()) {
      return answered;
    }
    Optional<Map<TopicPartition, Long>> open = openRequests.get();
    if (open.isEmpty()) {
      return Map.of();
    }
    answered.replaceAll((partition, offset) ->
        Math.min(offset, open.get().getOrDefault(partition, Long.MAX_VALUE)));
    return answered;
  }

  private boolean isTrimmed(Map.Entry<TopicPartition, Long> upTo) {
    return upTo.getValue() <= trimmed.getOrDefault(upTo.getKey(), 0L);
  }

  private static boolean isRequests(TopicPartition partition) {
    return Topics.RequestTopic.parse(partition.topic()).isPresent();
  }

  private static boolean isResults(TopicPartition partition) {
    for (Lane lane : Lane.values()) {
      if (partition.topic().equals(Topics.results(lane))) {
        return true;
      }
    }
    return false;
  }

  private Map<TopicPartition, Long> committedByRouter()
      throws ExecutionException, InterruptedException, TimeoutException {
    return committed(routerGroups);
  }

  private Map<TopicPartition, Long> committed(Set<String> groups)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
    groups.forEach(group -> specs.put(group, new ListConsumerGroupOffsetsSpec()));
    ListConsumerGroupOffsetsResult listed = admin.listConsumerGroupOffsets(specs);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (String group : groups) {
      ofGroup(listed.partitionsToOffsetAndMetadata(group))
          .forEach((partition, offset) -> {
            if (offset != null) {
              offsets.put(partition, offset.offset());
            }
          });
    }
    return offsets;
  }

  private Map<TopicPartition, Long> acknowledgedWork()
      throws ExecutionException, InterruptedException, TimeoutException {
    WorkGroups groups = workGroups.get();
    Map<TopicPartition, Long> offsets = committed(groups.claimed());
    Map<String, ListShareGroupOffsetsSpec> specs = new HashMap<>();
    groups.shared().forEach(group -> specs.put(group, new ListShareGroupOffsetsSpec()));
    ListShareGroupOffsetsResult listed = admin.listShareGroupOffsets(specs);
    for (String group : groups.shared()) {
      ofGroup(listed.partitionsToOffsetInfo(group))
          .forEach((partition, info) -> {
            if (info != null) {
              offsets.put(partition, info.startOffset());
            }
          });
    }
    return offsets;
  }

  /** The offsets of a group; empty where there is no such group. */
  private static <T> Map<TopicPartition, T> ofGroup(KafkaFuture<Map<TopicPartition, T>> listed)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return listed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
