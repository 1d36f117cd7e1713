package io.ratatoskr.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Tracks, for each partition that this client uses, the offset below which it needs no record any
 * more. Of a request that is not acknowledged yet only a floor is known: it comes after the last
 * one acknowledged before it was sent, since an idempotent producer keeps the order of a partition.
 * A request whose send failed may have been appended all the same, so it keeps the floor of its
 * first send. Takes room for what is in flight only. Thread-safe.
 */
final class ConfirmedOffsets {
  private final Map<TopicPartition, Requests> requests = new HashMap<>();
  private final Map<TopicPartition, Long> replies = new HashMap<>();

  /** The calls that are sent and not settled. */
  private final Map<Call<?>, Floor> floors = new HashMap<>();

  /** The offset below which a call's request cannot be. */
  private record Floor(TopicPartition partition, long offset) {}

  private static final class Requests {
    final TreeMap<Long, Integer> floors = new TreeMap<>();
    long next;

    void raise(long floor) {
      floors.merge(floor, 1, Integer::sum);
    }

    void drop(long floor) {
      floors.computeIfPresent(floor, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** A call that has not ended is about to be sent to a partition. */
  synchronized void sending(Call<?> call, TopicPartition partition) {
    if (!floors.containsKey(call) && !call.isEnded()) {
      Requests of = requests.computeIfAbsent(partition, p -> new Requests());
      floors.put(call, new Floor(partition, of.next));
      of.raise(of.next);
    }
  }

  synchronized void acknowledged(Call<?> call, TopicPartition partition, long offset) {
    Requests of = requests.computeIfAbsent(partition, p -> new Requests());
    of.next = Math.max(of.next, offset + 1);
    Floor floor = floors.get(call);
    if (floor != null && floor.partition().equals(partition) && call.sends() == 1) {
      of.drop(floor.offset());
      floors.put(call, new Floor(partition, offset));
      of.raise(offset);
    }
  }

  /** A call has ended. */
  synchronized void settled(Call<?> call) {
    Floor floor = floors.remove(call);
    if (floor != null) {
      Objects.requireNonNull(requests.get(floor.partition())).drop(floor.offset());
    }
  }

  synchronized void read(TopicPartition inbox, long position) {
    replies.put(inbox, position);
  }

  synchronized Map<TopicPartition, Long> all() {
    Map<TopicPartition, Long> all = new HashMap<>(replies);
    requests.forEach((partition, of) ->
        all.put(partition, of.floors.isEmpty() ? of.next : of.floors.firstKey()));
    return all;
  }
}
