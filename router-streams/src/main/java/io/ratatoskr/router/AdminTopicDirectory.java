package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the deployment's topics about once a second, on a thread of its own; what it last saw
 * stays valid while brokers do not answer.
 */
final class AdminTopicDirectory implements TopicDirectory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminTopicDirectory.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private record Seen(Map<String, Integer> partitions, Set<String> topics) {
    Seen(Map<String, Integer> partitions) {
      this(partitions, Set.copyOf(partitions.keySet()));
    }
  }

  private record Looked(long begunMs, Map<Integer, Progress> results) {}

  private final Admin admin;
  private final RouterConfig config;
  private final Clock clock;
  private final Thread thread;
  private volatile Seen seen = new Seen(Map.of());
  private final Map<Lane, Looked> last = new ConcurrentHashMap<>();
  private volatile boolean closed;

  AdminTopicDirectory(Admin admin, RouterConfig config, Clock clock) {
    this.admin = admin;
    this.config = config;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("router-topic-directory").unstarted(this::run);
  }

  /**
   * Looks for the topics once in the foreground, then at everything in the background: offsets need
   * the group's coordinator, which a new cluster takes a while to have.
   *
   * @throws RouterException.Unreachable if no broker answers within the time given
   */
  void start(Duration timeout) {
    try {
      lookForTopics(timeout);
    } catch (ExecutionException | TimeoutException e) {
      throw new RouterException.Unreachable(config.bootstrap(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RouterException.Unreachable(config.bootstrap(), e);
    }
    thread.start();
  }

  @Override
  public int partitions(String topic) {
    return seen.partitions().getOrDefault(topic, 0);
  }

  @Override
  public Set<String> topics() {
    return seen.topics();
  }

  @Override
  public @Nullable Progress progress(Lane lane, int partition, long sinceMs) {
    Looked looked = last.get(lane);
    return looked == null || looked.begunMs() < sinceMs ? null : looked.results().get(partition);
  }

  private void run() {
    boolean failing = false;
    while (!closed) {
      try {
        look(Duration.ofSeconds(10));
        failing = false;
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
      } catch (InterruptedException e) {
        return;
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        if (!failing && !closed) {
          LOG.warn("Cannot look at the topics at {}; trying again", config.bootstrap(), e);
        }
        failing = true;
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void look(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    long begun = clock.millis();
    lookForTopics(timeout);
    ExecutionException failed = null;
    for (Lane lane : config.lanes()) {
      try {
        last.put(lane, new Looked(begun, progress(lane, timeout)));
      } catch (ExecutionException e) {
        failed = e; // what is wrong with one lane, such as a forbidden topic, is not the other's
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private void lookForTopics(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> names = get(admin.listTopics().names(), timeout);
    Set<String> ours = names.stream().filter(this::isOurs).collect(Collectors.toSet());
    Map<String, Integer> partitions = new HashMap<>();
    get(admin.describeTopics(ours).allTopicNames(), timeout)
        .forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    if (!partitions.equals(seen.partitions())) {
      seen = new Seen(Map.copyOf(partitions));
    }
  }

  private boolean isOurs(String topic) {
    return topic.startsWith(Topics.SYSTEM_PREFIX + ".")
        || topic.startsWith(config.streams().applicationId() + "-")
        || config.deployment().domains().stream()
            .anyMatch(domain -> topic.startsWith(domain.prefix() + "."));
  }

  private Map<Integer, Progress> progress(Lane lane, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    String results = Topics.results(lane);
    for (int p = 0; p < partitions(results); p++) {
      wanted.put(new TopicPartition(results, p), OffsetSpec.latest());
    }
    KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets =
        admin.listConsumerGroupOffsets(config.application(lane)).partitionsToOffsetAndMetadata();
    Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(wanted).all(), timeout);
    Map<TopicPartition, OffsetAndMetadata> committed = get(offsets, timeout);
    Map<Integer, Progress> progress = new HashMap<>();
    ends.forEach((partition, end) -> {
      OffsetAndMetadata read = committed.get(partition);
      progress.put(
          partition.partition(), new Progress(end.offset(), read == null ? 0 : read.offset()));
    });
    return Map.copyOf(progress);
  }

  private static <T> T get(KafkaFuture<T> future, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
