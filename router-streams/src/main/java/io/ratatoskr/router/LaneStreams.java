package io.ratatoskr.router;

import io.ratatoskr.niceness.Niceness;
import io.ratatoskr.router.Router.State;
import io.ratatoskr.schemas.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of a router: a Kafka Streams client with threads, consumers, producers, store and group
 * of its own, so that whatever befalls it leaves the other lane alone.
 */
final class LaneStreams {
  private static final Logger LOG = LoggerFactory.getLogger(LaneStreams.class);
  private static final long LONGEST_PAUSE_MS = 10_000;

  private final Lane lane;
  private final String application;
  private final Path stateDir;
  private final FlightCodec flights;
  private final Admin admin;
  private final String instanceId;
  private final Consumer<RouterException> failed;
  private final KafkaStreams streams;
  private final CountDownLatch running = new CountDownLatch(1);
  private final AtomicInteger replaced = new AtomicInteger();
  private volatile long startedNanos;

  /**
   * A lane that is not started yet.
   *
   * @param instanceId names the router in the lane's group
   * @param failed told when the lane has stopped by itself
   */
  LaneStreams(
      Lane lane,
      Services services,
      Admin admin,
      String instanceId,
      Consumer<RouterException> failed) {
    this.lane = lane;
    this.application = services.config().application(lane);
    this.stateDir = services.config().stateDir();
    this.flights = services.codec();
    this.admin = admin;
    this.instanceId = instanceId;
    this.failed = failed;
    Properties properties = StreamsSettings.of(lane, services.config());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
    properties.put(RefusedSends.METRICS, services.metrics());
    this.streams =
        Niceness.ROUTING.inThreadOf(
            lane, () -> new KafkaStreams(RouterTopology.of(lane, services), properties));
    streams.setStateListener((next, before) -> {
      if (next == KafkaStreams.State.RUNNING && running.getCount() > 0) {
        LOG.info(
            "The router's {} lane runs, {} ms after its start", lane.topicName(), sinceStart());
        running.countDown();
      }
    });
    streams.setUncaughtExceptionHandler(this::replaceThread);
  }

  /**
   * Begins to route; returns before the partitions are taken over.
   *
   * @throws RouterException.BadStateFolder if a store that is there cannot be opened
   */
  void start() {
    startedNanos = System.nanoTime();
    try {
      Niceness.ROUTING.inThreadOf(
          lane,
          () -> {
            streams.start();
            return streams;
          });
    } catch (ProcessorStateException e) {
      throw new RouterException.BadStateFolder(
          "the data folder %s cannot be used: %s; delete it, and it is made again from Kafka"
              .formatted(stateDir.resolve(application), e.getMessage()),
          e);
    }
  }

  /** Waits until it routes; false when it does not within the time given. */
  boolean awaitRunning(Duration timeout) {
    try {
      return running.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  State state() {
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
   * Adds, by partition of a request topic, the offset of the first request admitted and not
   * settled.
   *
   * @throws InvalidStateStoreException while it does not hold its flights
   */
  void lowestOpen(Map<TopicPartition, Long> lowest) {
    FlightStore.lowestOpen(
        streams.store(
            StoreQueryParameters.fromNameAndType(
                RouterTopology.FLIGHTS, QueryableStoreTypes.keyValueStore())),
        flights,
        lowest);
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
  }

  private StreamThreadExceptionResponse replaceThread(Throwable thrown) {
    Throwable cause = rootOf(thrown);
    if (cause instanceof FencedInstanceIdException) {
      failed.accept(new RouterException.Replaced(instanceId, cause));
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    int times = replaced.incrementAndGet();
    if (cause instanceof AuthorizationException || cause instanceof RetriableException) {
      LOG.error(
          "A stream thread of the {} lane is replaced (number {}): {}",
          lane.topicName(),
          times,
          cause.toString());
    } else {
      LOG.error(
          "A stream thread of the {} lane failed and is replaced (number {})",
          lane.topicName(),
          times,
          thrown);
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
            application,
            new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(member))));
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Stops; what was not finished within the time given is done by the next router. One that leaves
   * lets the others, or its successor, take over without a session timeout.
   */
  void close(Duration timeout) {
    streams.close(
        CloseOptions.timeout(timeout)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
  }
}
