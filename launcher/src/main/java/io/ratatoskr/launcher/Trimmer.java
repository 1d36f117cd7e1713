package io.ratatoskr.launcher;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.worker.WorkerConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the embedded broker's disk: deletes what nobody reads again. Of results that is what the
 * router has committed; of work, what its share group has acknowledged; of requests and replies,
 * what the one client of this JVM has confirmed, if there is one. Requests must be committed by the
 * router as well, since a restarted router goes on from there.
 */
final class Trimmer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Admin admin;
  private final String routerGroup;
  private final Set<WorkerKind> workers;
  private final Map<TopicPartition, Long> trimmed = new HashMap<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("trimmer").unstarted(this::trimUntilInterrupted);
  private volatile Supplier<Map<TopicPartition, Long>> confirmed = Map::of;

  private Trimmer(Admin admin, String routerGroup, Set<WorkerKind> workers) {
    this.admin = admin;
    this.routerGroup = routerGroup;
    this.workers = workers;
  }

  static Trimmer start(Admin admin, String routerGroup, Set<WorkerKind> workers) {
    Trimmer trimmer = new Trimmer(admin, routerGroup, workers);
    trimmer.thread.start();
    return trimmer;
  }

  void confirmedBy(Supplier<Map<TopicPartition, Long>> source) {
    confirmed = source;
  }

  private void trimUntilInterrupted() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        try {
          trim();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
          LOG.debug("Trimming is tried again in {}", PERIOD, e);
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
    confirmed
        .get()
        .forEach((partition, offset) -> {
          boolean request = Topics.RequestTopic.parse(partition.topic()).isPresent();
          long bound = request ? committed.getOrDefault(partition, 0L) : Long.MAX_VALUE;
          free.put(partition, Math.min(offset, bound));
        });
    Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
    free.forEach((partition, offset) -> {
      if (offset > trimmed.getOrDefault(partition, 0L)) {
        deletions.put(partition, RecordsToDelete.beforeOffset(offset));
      }
    });
    if (!deletions.isEmpty()) {
      admin.deleteRecords(deletions).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      deletions.forEach((partition, upTo) -> trimmed.put(partition, upTo.beforeOffset()));
    }
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
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(routerGroup)
        .partitionsToOffsetAndMetadata()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .forEach((partition, offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return offsets;
  }

  private Map<TopicPartition, Long> acknowledgedWork()
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, ListShareGroupOffsetsSpec> groups = new HashMap<>();
    for (WorkerKind kind : workers) {
      for (Lane lane : Lane.values()) {
        groups.put(WorkerConfig.shareGroup(kind.pool(), lane), new ListShareGroupOffsetsSpec());
      }
    }
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listShareGroupOffsets(groups)
        .all()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .values()
        .forEach(partitions ->
            partitions.forEach((partition, info) -> {
              if (info != null) {
                offsets.put(partition, info.startOffset());
              }
            }));
    return offsets;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
