package io.ratatoskr.router;

import io.ratatoskr.router.flight.Occupancy;
import io.ratatoskr.schemas.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The occupancies of the tasks that this process has, lane by lane. Thread-safe. */
final class Occupancies {
  private final Map<Lane, Set<Occupancy>> tasks = new EnumMap<>(Lane.class);

  Occupancies() {
    for (Lane lane : Lane.values()) {
      tasks.put(lane, ConcurrentHashMap.newKeySet());
    }
  }

  private Set<Occupancy> of(Lane lane) {
    return tasks.getOrDefault(lane, Set.of());
  }

  void add(Lane lane, Occupancy task) {
    of(lane).add(task);
  }

  void remove(Lane lane, Occupancy task) {
    of(lane).remove(task);
  }

  /** The number of tasks. */
  int tasks(Lane lane) {
    return of(lane).size();
  }

  /** The open flights of a tenant in all of them. */
  int open(Lane lane, String tenant) {
    return of(lane).stream().mapToInt(task -> task.open(tenant)).sum();
  }
}
