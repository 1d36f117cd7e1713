package io.ratatoskr.client;

import java.util.HashMap;
import java.util.Map;
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

  synchronized void sending(PendingCall call, TopicPartition partition) {
    if (call.partition == null && !call.confirmed) {
      Requests of = requests.computeIfAbsent(partition, p -> new Requests());
      call.partition = partition;
      call.floor = of.next;
      of.raise(call.floor);
    }
  }

  synchronized void acknowledged(PendingCall call, TopicPartition partition, long offset) {
    Requests of = requests.computeIfAbsent(partition, p -> new Requests());
    of.next = Math.max(of.next, offset + 1);
    if (partition.equals(call.partition) && call.sends.get() == 1) {
      of.drop(call.floor);
      call.floor = offset;
      of.raise(offset);
    }
  }

  synchronized void settled(PendingCall call) {
    call.confirmed = true;
    Requests of = call.partition == null ? null : requests.get(call.partition);
    if (of != null) {
      of.drop(call.floor);
      call.partition = null;
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
