package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The threads that take a lane's work, some for each queue. A queue that is taken from once is
 * taken from until the worker ends: its topic may hold work that a policy sent there which holds no
 * more. Thread-safe.
 */
final class LaneLoops<T> {
  /** The name of the queue that every pool has. */
  static final String POOLS_OWN = "";

  private final LaneContext<T> context;
  private final WorkerConfig config;
  private final boolean shared;
  private final ClientProperties clients;
  private final Set<String> queues = new TreeSet<>();
  private final List<Thread> threads = new ArrayList<>();

  LaneLoops(LaneContext<T> context, WorkerConfig config, boolean shared, ClientProperties clients) {
    this.context = context;
    this.config = config;
    this.shared = shared;
    this.clients = clients;
  }

  /** Places of a lane where work is claimed: bulk has a quarter. */
  static int slots(Lane lane, WorkerConfig config) {
    return switch (lane) {
      case INTERACTIVE -> config.slots();
      case BULK -> Math.max(1, config.slots() / 4);
    };
  }

  Lane lane() {
    return context.lane();
  }

  Turns turns() {
    return context.turns();
  }

  /** Begins to take from these queues too. */
  synchronized void add(Set<String> more) {
    Set<String> fresh = new TreeSet<>(more);
    fresh.removeAll(queues);
    if (fresh.isEmpty() || context.stop().requested()) {
      return;
    }
    queues.addAll(fresh);
    context.pace().queues(queues.size());
    fresh.forEach(this::start);
  }

  synchronized Set<String> queues() {
    return Set.copyOf(queues);
  }

  /** The topics of the queues beside the pool's own. */
  List<String> topics() {
    return queues().stream()
        .filter(queue -> !queue.equals(POOLS_OWN))
        .map(queue -> Topics.work(lane(), config.pool(), queue))
        .toList();
  }

  /** From now on these are the weights; queues that are not named have 1. */
  void weights(Map<String, Integer> weights) {
    Set<String> all = new HashSet<>(queues());
    all.addAll(weights.keySet());
    all.forEach(queue -> turns().weight(queue, weights.getOrDefault(queue, 1)));
  }

  /** All threads that were started. */
  synchronized List<Thread> threads() {
    return List.copyOf(threads);
  }

  private void start(String queue) {
    LaneContext<T> of = context.of(queue, Topics.work(lane(), config.pool(), queue));
    if (shared) {
      for (int i = 0; i < 2; i++) {
        int thread = i;
        start(
            of,
            thread,
            () ->
                new SharedQueue<>(
                    of,
                    config.lock().dividedBy(5),
                    records -> clients.shareConsumer(lane(), queue, thread, records)));
      }
    } else {
      int most = slots(lane(), config);
      start(
          of,
          0,
          () ->
              new ClaimedQueue<>(
                  of, most, records -> clients.claimConsumer(lane(), queue, records)));
    }
  }

  private void start(LaneContext<T> of, int thread, Supplier<WorkQueue> newQueue) {
    String name =
        List.of(config.workerId(), lane().topicName(), of.queue(), Integer.toString(thread))
            .stream()
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("-"));
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .start(new WorkLoop(lane(), newQueue, of.stop(), of.metrics())));
  }
}
