package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The state that the processors of one task share beside its stores: the task's incarnation, and
 * how far it has come. It lives exactly as long as the task's assignment, and nothing of it is
 * kept.
 *
 * <p>An <i>incarnation</i> is a time during which this process surely owned the task: it begins at
 * assignment, and anew when nothing was punctuated for five seconds, since the process may have
 * been stopped meanwhile and another one taken its place. Until the task has read {@code results}
 * up to the end that the topic had when the incarnation began, alarms are silent: the answer that
 * an alarm misses may lie there.
 */
final class TaskState implements StateStore {
  static final long LONGEST_PAUSE_MS = 5_000;

  private final String name;
  private final Lane lane;
  private final Occupancies occupancies;
  private final FlightCount count;
  private boolean open;
  private long incarnation;
  private long punctuatedMs;
  private long resultsSeen;
  private long resultsEnd = -1;
  private boolean caughtUp;
  private long scannedToMs;
  private long cachedBytes = -1;
  private @Nullable Boolean marked;
  private @Nullable Boolean leased;
  private long leasesSeenMs;

  /**
   * @param count counts the task's flights
   * @param occupancies where it is found while the task is assigned
   */
  TaskState(String name, Lane lane, FlightCount count, Occupancies occupancies) {
    this.name = name;
    this.lane = lane;
    this.count = count;
    this.occupancies = occupancies;
  }

  /** The number of its open flights, and since when their work waits. */
  FlightCount count() {
    return count;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open = true;
    occupancies.add(lane, count.occupancy());
    context.register(root, (key, value) -> {});
  }

  /** Begins an incarnation if there is none, or if the last one may have been interrupted. */
  void punctuated(long now) {
    if (incarnation == 0 || now - punctuatedMs > LONGEST_PAUSE_MS || now < punctuatedMs - 1000) {
      incarnation = Math.max(now, incarnation + 1);
      resultsEnd = -1;
      caughtUp = false;
      scannedToMs = 0;
    }
    punctuatedMs = now;
  }

  /** Names the incarnation; greater than that of any before on this clock. */
  long incarnation() {
    return incarnation;
  }

  void sawResult(long offset) {
    resultsSeen = Math.max(resultsSeen, offset + 1);
  }

  /** Whether everything has been read that was in {@code results} when the incarnation began. */
  boolean caughtUp(TopicDirectory directory, Lane lane, int partition) {
    if (!caughtUp) {
      TopicDirectory.Progress progress = directory.progress(lane, partition, incarnation);
      if (progress != null) {
        resultsEnd = resultsEnd < 0 ? progress.end() : resultsEnd;
        caughtUp = Math.max(resultsSeen, progress.committed()) >= resultsEnd;
      }
    }
    return caughtUp;
  }

  /** Where the scan for due alarms goes on. */
  long scannedToMs() {
    return scannedToMs;
  }

  void scannedTo(long due) {
    scannedToMs = due;
  }

  /** Bytes in the answer cache; negative while nobody has counted them. */
  long cachedBytes() {
    return cachedBytes;
  }

  void cachedBytes(long bytes) {
    cachedBytes = bytes;
  }

  /** Whether the store holds markers of what was cancelled; null while nobody has looked. */
  @Nullable Boolean marked() {
    return marked;
  }

  void marked(@Nullable Boolean whether) {
    marked = whether;
  }

  /** Whether the store holds leases; null while nobody has looked. */
  @Nullable Boolean leased() {
    return leased;
  }

  void leased(boolean whether) {
    leased = whether;
  }

  /** When the leases were last looked at. */
  long leasesSeenMs() {
    return leasesSeenMs;
  }

  void leasesSeen(long now) {
    leasesSeenMs = now;
  }

  @Override
  public void close() {
    open = false;
    occupancies.remove(lane, count.occupancy());
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Position getPosition() {
    return Position.emptyPosition();
  }
}
