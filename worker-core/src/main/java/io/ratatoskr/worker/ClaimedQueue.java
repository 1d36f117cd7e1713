package io.ratatoskr.worker;

import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work through a consumer group: claim first, then run. For work that must not be run twice,
 * because it is paid for, and for brokers without share groups.
 *
 * <p>A round claims no more than there are free slots: it publishes {@code Started} for each record
 * that is still wanted, waits until that is acknowledged, commits, and runs them only if the commit
 * succeeded; it does not wait for them. What was polled beyond that waits here, unclaimed. After
 * the commit the group knows nothing of them any more, so a rebalance repeats no run and a slow one
 * blocks no other. If this process dies, the router sees that the worker which started them is
 * gone, and dispatches them again.
 *
 * <p>Where a record may have ended its process before, nothing is claimed beside it, and it runs
 * {@linkplain Isolation alone}.
 *
 * <p>Where the commit fails, the partitions belong to someone else or the group is in between; the
 * records are then taken again by whoever holds the partition.
 */
final class ClaimedQueue<T> implements WorkQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimedQueue.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * The length of a poll while nothing may be taken: it keeps the membership alive, and looks again
   * soon.
   */
  private static final Duration PAUSED_POLL = Duration.ofMillis(10);

  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final LaneContext<T> context;
  private final Turns.Seat seat;
  private final Consumer<byte[], byte[]> consumer;
  private final Unclaimed unclaimed = new Unclaimed();
  private boolean waits;

  /**
   * @param most the lane's places in all
   * @param newConsumer makes a consumer whose polls take at most that many records
   */
  ClaimedQueue(
      LaneContext<T> context, int most, IntFunction<Consumer<byte[], byte[]>> newConsumer) {
    this.context = context;
    this.seat = context.turns().seat(context.queue());
    this.consumer = newConsumer.apply(Math.max(1, most / 4));
    // A poll that brings an assignment may bring its records too: not before the next round says
    // so.
    consumer.subscribe(
        List.of(context.topic()),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            unclaimed.drop(partitions);
          }
        });
  }

  @Override
  public void round() throws InterruptedException {
    boolean mayRun = mayRun();
    boolean poll = mayRun && unclaimed.isEmpty() && context.turns().anyFree();
    if (poll) {
      consumer.resume(consumer.paused());
    } else {
      consumer.pause(consumer.assignment());
    }
    boolean claims = !waits && mayRun && !unclaimed.isEmpty();
    unclaimed.add(consumer.poll(poll ? POLL : claims ? Duration.ZERO : PAUSED_POLL));
    waits = false;
    if (!mayRun || unclaimed.isEmpty()) {
      seat.rest();
      return;
    }
    int places = seat.take(unclaimed.size());
    waits = places == 0;
    if (waits) {
      return;
    }
    int used = 0;
    try {
      used = claimed(claim(places));
    } finally {
      seat.giveBack(places - used);
    }
  }

  /** Returns how many run now. */
  private int claimed(Claim claim) throws InterruptedException {
    boolean runs = false;
    enter(claim);
    try {
      runs = !(claim.alone() && context.stop().requested()) && taken(claim);
    } finally {
      if (!runs) {
        claim.deliveries().forEach(delivery -> leave(claim));
      }
    }
    return runs ? claim.deliveries().size() : 0;
  }

  /** Returns whether its deliveries run now. */
  private boolean taken(Claim claim) throws InterruptedException {
    context
        .publisher()
        .started(
            claim.deliveries().stream()
                .filter(delivery -> !context.aborts().covers(delivery))
                .toList());
    boolean won = committed(claim);
    if (won) {
      unclaimed.claimed(claim.ends());
      run(claim);
    } else {
      unclaimed.rewind(consumer);
    }
    return won;
  }

  /**
   * The deliveries that are claimed at once: in each partition those before its first suspect, or
   * one suspect alone.
   *
   * @param ends the offset after what is claimed, of each partition
   */
  private record Claim(List<Delivery> deliveries, Map<TopicPartition, Long> ends, boolean alone) {}

  /** Claims up to that many. */
  private Claim claim(int most) throws InterruptedException {
    List<Delivery> deliveries = new ArrayList<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    Claim suspect = null;
    for (TopicPartition partition : unclaimed.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : unclaimed.of(partition)) {
        if (deliveries.size() == most) {
          return new Claim(deliveries, ends, false);
        }
        Optional<Delivery> delivery = context.reader().decode(record, context.lane());
        long end = record.offset() + 1;
        if (delivery.isPresent() && context.isolation().alone(delivery.get())) {
          suspect = new Claim(List.of(delivery.get()), Map.of(partition, end), true);
          break;
        }
        delivery.ifPresent(deliveries::add);
        ends.put(partition, end);
      }
    }
    return ends.isEmpty() && suspect != null ? suspect : new Claim(deliveries, ends, false);
  }

  private void enter(Claim claim) throws InterruptedException {
    if (claim.alone()) {
      context.isolation().enterAlone();
    } else {
      context.isolation().enter(claim.deliveries().size());
    }
  }

  /** One of its deliveries has ended. */
  private void leave(Claim claim) {
    if (claim.alone()) {
      context.isolation().leaveAlone();
    } else {
      context.isolation().leave(1);
    }
  }

  private boolean mayRun() {
    return context.ready().getAsBoolean()
        && (context.lane() != Lane.BULK || context.gate().waiting(System.nanoTime()).isZero());
  }

  private boolean committed(Claim claim) {
    boolean won;
    try {
      Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
      claim.ends().forEach((partition, end) -> next.put(partition, new OffsetAndMetadata(end)));
      consumer.commitSync(next);
      won = true;
    } catch (KafkaException e) {
      LOG.info("Claiming {} records of {} failed", claim.deliveries().size(), context.topic(), e);
      won = false;
    }
    for (int i = 0; i < claim.deliveries().size(); i++) {
      context.metrics().claimed(context.lane(), won);
    }
    return won;
  }

  private void run(Claim claim) throws InterruptedException {
    List<Taken<T>> batch = new ArrayList<>(claim.deliveries().size());
    for (Delivery delivery : claim.deliveries()) {
      batch.add(context.reader().prepare(delivery));
    }
    for (int i = 0; i < batch.size(); i++) {
      context.begins();
    }
    List<CompletableFuture<Void>> published = context.execution().run(batch, context.lane());
    for (CompletableFuture<Void> one : published) {
      var _ =
          one.whenComplete((nothing, failure) -> {
            leave(claim);
            ended(failure);
          });
    }
  }

  private void ended(@Nullable Throwable failure) {
    context.ends(1, 1);
    context.turns().release(1);
    if (failure != null) {
      LOG.warn(
          "A claimed attempt of {} ends without an outcome; the router's lease finds it",
          context.topic(),
          FutureFailure.cause(failure));
    }
  }

  @Override
  public void close() {
    seat.close();
    consumer.close(CloseOptions.timeout(CLOSE));
  }
}
