package io.ratatoskr.catalog;

import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.schemas.chat.Price;
import io.ratatoskr.schemas.wire.ModelStatus;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the last heartbeat of each worker, and computes the snapshot and the time at which it
 * changes without a further one. A worker is alive until {@link #ALIVE_MS} after its last
 * heartbeat. All times are those of one clock. Not thread-safe.
 */
final class Heartbeats {
  static final long ALIVE_MS = 3_000;

  private static final long NEVER = Long.MAX_VALUE;

  private record Heard(Worker said, long atMs) {
    boolean isAlive(long now) {
      return now - atMs <= ALIVE_MS;
    }

    Worker at(long now) {
      return new Worker(
          said.id(),
          said.pool(),
          isAlive(now),
          said.capabilities(),
          said.anyModel(),
          said.models(),
          said.maker(),
          said.queues(),
          said.startedMs(),
          said.version());
    }
  }

  private final Map<String, Heard> heard = new HashMap<>();
  private CatalogSnapshot latest = CatalogSnapshot.UNKNOWN;
  private long followedSinceMs = NEVER;
  private boolean changed = true;

  /** A worker says how it is. */
  void heard(String worker, WorkerStatus status, long atMs) {
    Worker said =
        new Worker(
            worker,
            status.getPool(),
            true,
            Set.copyOf(status.getCapabilities()),
            Set.copyOf(status.getAnyModel()),
            status.getModels().stream().map(Heartbeats::model).toList(),
            status.getMaker(),
            Set.copyOf(status.getQueues()),
            status.getStartedMs(),
            status.getVersion());
    Heard before = heard.put(worker, new Heard(said, atMs));
    changed |= before == null || !before.said().equals(said) || !latest.isAlive(worker);
  }

  /** A worker says that it leaves. */
  void left(String worker) {
    changed |= heard.remove(worker) != null;
  }

  /** From now on heartbeats are heard as they come; those before lay there. */
  void followedSince(long ms) {
    followedSinceMs = ms;
    changed = true;
  }

  /** The snapshot at that time; the same object while nothing has changed. */
  CatalogSnapshot at(long now) {
    if (changed || now > changesMs()) {
      boolean settled = followedSinceMs != NEVER && now - followedSinceMs > ALIVE_MS;
      latest =
          CatalogSnapshot.of(heard.values().stream().map(each -> each.at(now)).toList(), settled);
      changed = false;
    }
    return latest;
  }

  /** The time until which {@link #at} gives the same snapshot, unless something is heard. */
  long changesMs() {
    long settlesMs =
        latest.settled() || followedSinceMs == NEVER ? NEVER : followedSinceMs + ALIVE_MS;
    return heard.entrySet().stream()
        .filter(each -> latest.isAlive(each.getKey()))
        .mapToLong(each -> each.getValue().atMs() + ALIVE_MS)
        .reduce(settlesMs, Math::min);
  }

  private static Model model(ModelStatus status) {
    State state =
        switch (status.getState()) {
          case READY -> State.READY;
          case LOADING -> State.LOADING;
          case UNAVAILABLE -> State.UNAVAILABLE;
        };
    Double prompt = status.getPromptPrice();
    Double answer = status.getAnswerPrice();
    return new Model(
        status.getId(),
        state,
        Optional.ofNullable(status.getReason()),
        status.getSpaceId(),
        status.getRevision(),
        Set.copyOf(status.getCapabilities()),
        status.getDimensions(),
        status.getMaxTokens(),
        status.getLocation(),
        prompt == null || answer == null || prompt < 0 || answer < 0
            ? Optional.empty()
            : Optional.of(new Price(prompt, answer)));
  }
}
