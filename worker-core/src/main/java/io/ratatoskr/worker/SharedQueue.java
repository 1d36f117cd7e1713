package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work through a share group: members of any speed share each partition, a record at a time.
 *
 * <p>A round takes at most what this worker computes within the poll budget and settles all of it
 * before the next poll. Nothing is fetched ahead, because a record that waits here is one that a
 * faster worker cannot have. To keep the engine busy nevertheless, two queues of a lane work side
 * by side: one decodes and tokenises while the other's batch is computed.
 *
 * <p>A record stays locked for this worker until it is acknowledged, and is delivered again where
 * the lock runs out or the connection breaks. That is how the work of a killed worker is taken over
 * at once, and that of a frozen one after the lock. A record that ends the process that runs it
 * would go through the whole pool this way. So from the second delivery on, and where the router
 * names a crash, a record is <em>claimed</em>: {@code Started} is acknowledged on {@code results},
 * the record is accepted, and it runs {@linkplain Isolation alone}. From then on the router watches
 * it, not the group.
 *
 * <p>Where the lane has several queues they take {@linkplain Turns turns}: a queue that had work
 * polls when it is its turn, so that nothing waits here locked; one that had none polls all the
 * time, and what that brings waits for its turn, a fifth of the lock at most.
 *
 * <p>Nothing is released except by closing, for a release counts as a delivery.
 */
final class SharedQueue<T> implements WorkQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SharedQueue.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** A poll that has a place takes it from other queues while it waits. */
  private static final Duration PLACED_POLL = Duration.ofMillis(50);

  private static final Duration TURN = Duration.ofMillis(100);
  private static final Duration SILENT_PAUSE = Duration.ofMillis(100);
  private static final Duration NOT_READY = Duration.ofMillis(20);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final LaneContext<T> context;
  private final Duration longestHold;
  private final IntFunction<ShareConsumer<byte[], byte[]>> newConsumer;
  private final Turns.Seat seat;
  private ShareConsumer<byte[], byte[]> consumer;
  private int pollRecords;

  /**
   * @param longestHold how long what it holds may wait for its turn, well below the lock
   * @param newConsumer makes a consumer whose polls take at most that many records
   */
  SharedQueue(
      LaneContext<T> context,
      Duration longestHold,
      IntFunction<ShareConsumer<byte[], byte[]>> newConsumer) {
    this.context = context;
    this.longestHold = longestHold;
    this.newConsumer = newConsumer;
    this.seat = context.turns().seat(context.queue());
    this.pollRecords = context.pace().records();
    this.consumer = join();
  }

  private ShareConsumer<byte[], byte[]> join() {
    ShareConsumer<byte[], byte[]> joined = newConsumer.apply(pollRecords);
    Lane lane = context.lane();
    joined.setAcknowledgementCommitCallback((offsets, failure) -> {
      if (failure != null) {
        int lost = offsets.values().stream().mapToInt(Set::size).sum();
        context.metrics().locksLost(lane, lost);
        LOG.info("{} acknowledgements on {} came too late", lost, context.topic(), failure);
      }
    });
    joined.subscribe(List.of(context.topic()));
    context.metrics().pollRecords(lane, pollRecords);
    return joined;
  }

  @Override
  public void round() throws InterruptedException {
    if (!mayTake()) {
      seat.rest();
      return;
    }
    followPace();
    if (context.broker().silent()) {
      seat.rest();
      awaitBroker();
      return;
    }
    List<Delivery> suspects = new ArrayList<>();
    context.isolation().enter(1);
    try {
      takeTogether(suspects);
    } finally {
      context.isolation().leave(1);
    }
    if (!suspects.isEmpty()) {
      context.isolation().enterAlone();
      try {
        takeEachAlone(suspects);
      } finally {
        context.isolation().leaveAlone();
      }
    }
  }

  private void takeTogether(List<Delivery> suspects) throws InterruptedException {
    if (seat.isInLine() && !seat.await(TURN)) {
      return;
    }
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(seat.isPlaced() ? PLACED_POLL : POLL);
    if (polled.isEmpty()) {
      seat.rest();
      return;
    }
    if (!seat.isPlaced() && !seat.await(longestHold)) {
      seat.force();
    }
    int items = 0;
    context.begins();
    try {
      items = runTogether(polled, suspects);
    } finally {
      context.ends(polled.count(), items);
      boolean more = polled.count() * 2 >= pollRecords && suspects.isEmpty();
      seat.served(Math.max(items, polled.count()), more);
    }
    if (suspects.isEmpty()) {
      consumer.commitAsync();
    } else {
      // The claims that follow are judged by commits of their own.
      consumer.commitSync();
    }
  }

  private void takeEachAlone(List<Delivery> suspects) throws InterruptedException {
    for (Delivery suspect : suspects) {
      if (claim(suspect) && !runAlone(suspect)) {
        return;
      }
    }
  }

  /** Waits without a consumer, which would spin; see {@link BrokerWatch}. */
  private void awaitBroker() throws InterruptedException {
    leave();
    boolean stopping = false;
    while (!stopping && context.broker().silent()) {
      stopping = context.stop().pause(SILENT_PAUSE);
    }
    consumer = join();
  }

  private void leave() {
    LOG.info("The broker does not answer; {} is left until it does", context.topic());
    consumer.close(Duration.ZERO);
  }

  private boolean mayTake() throws InterruptedException {
    if (!context.ready().getAsBoolean()) {
      context.stop().pause(NOT_READY);
      return false;
    }
    if (context.lane() == Lane.BULK) {
      Duration wait = context.gate().waiting(System.nanoTime());
      if (!wait.isZero()) {
        context.stop().pause(wait);
        return false;
      }
    }
    return true;
  }

  /** The size of a poll is fixed in a consumer; another size takes another consumer. */
  private void followPace() {
    int wanted = context.pace().records();
    if (wanted != pollRecords) {
      seat.rest();
      LOG.info(
          "A poll of {} takes {} records from now on, not {}",
          context.topic(),
          wanted,
          pollRecords);
      consumer.close(CLOSE);
      pollRecords = wanted;
      consumer = join();
    }
  }

  /**
   * Runs what is delivered for the first time.
   *
   * @return items that were run
   */
  private int runTogether(ConsumerRecords<byte[], byte[]> polled, List<Delivery> suspects)
      throws InterruptedException {
    List<ConsumerRecord<byte[], byte[]>> settled = new ArrayList<>(polled.count());
    List<Taken<T>> batch = new ArrayList<>(polled.count());
    int items = 0;
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      Optional<Delivery> delivery = context.reader().decode(record, context.lane());
      if (delivery.isPresent() && context.isolation().alone(delivery.get())) {
        suspects.add(delivery.get());
        continue;
      }
      settled.add(record);
      if (delivery.isPresent()) {
        Taken<T> taken = context.reader().prepare(delivery.get());
        items += taken instanceof Taken.Ready<T> ready ? ready.items() : 0;
        batch.add(taken);
      }
    }
    if (awaitPublished(context.execution().run(batch, context.lane()))) {
      for (ConsumerRecord<byte[], byte[]> record : settled) {
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
      }
    } else {
      suspects.clear();
    }
    return items;
  }

  private boolean claim(Delivery delivery) throws InterruptedException {
    context.publisher().started(List.of(delivery));
    consumer.acknowledge(delivery.record(), AcknowledgeType.ACCEPT);
    boolean won;
    try {
      Map<TopicIdPartition, Optional<KafkaException>> committed = consumer.commitSync();
      won = committed.values().stream().allMatch(Optional::isEmpty);
    } catch (KafkaException e) {
      LOG.warn("Claiming {} failed", delivery, e);
      won = false;
    }
    context.metrics().claimed(context.lane(), won);
    return won;
  }

  /** Returns whether what else was polled is still this worker's. */
  private boolean runAlone(Delivery delivery) throws InterruptedException {
    int items = 0;
    context.begins();
    try {
      Taken<T> taken = context.reader().prepare(delivery);
      items = taken instanceof Taken.Ready<T> ready ? ready.items() : 0;
      return awaitPublished(context.execution().run(List.of(taken), context.lane()));
    } finally {
      context.ends(1, items);
    }
  }

  /**
   * Waits until all is published, without a consumer while the broker is away.
   *
   * @return whether the records are still this worker's to acknowledge; if not, they come again,
   *     and their second outcomes are dropped
   */
  private boolean awaitPublished(List<CompletableFuture<Void>> published)
      throws InterruptedException {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(published.toArray(CompletableFuture[]::new));
    boolean left = false;
    while (true) {
      try {
        all.get(SILENT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException e) {
        if (!left && context.broker().silent()) {
          leave();
          left = true;
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("an outcome was not published", e.getCause());
      }
    }
    if (left) {
      consumer = join();
    }
    return !left;
  }

  @Override
  public void close() {
    seat.close();
    consumer.close(CLOSE);
  }
}
