package io.ratatoskr.router;

import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Occupancy;
import io.ratatoskr.schemas.Fingerprint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open flights of a task. What the store holds when the task begins is counted bit by
 * bit, in the order of fingerprints: a change counts once it is behind that point, and before it is
 * found there.
 */
final class FlightCount {
  private static final int MOST_AT_ONCE = 5_000;

  private final Occupancy occupancy;
  private byte @Nullable [] reached;
  private boolean complete;

  FlightCount(Occupancy occupancy) {
    this.occupancy = occupancy;
  }

  /** Counts more of what the store held. */
  void goOn(FlightStore flights) {
    if (complete) {
      return;
    }
    Fingerprint last =
        flights.openAfter(reached, MOST_AT_ONCE, flight -> occupancy.change(null, flight));
    complete = last == null;
    reached = last == null ? null : last.toKey();
  }

  /** A flight of the newest generation was written. */
  void changed(Fingerprint fingerprint, @Nullable Flight before, Flight after) {
    boolean behind = reached != null && Arrays.compareUnsigned(fingerprint.toKey(), reached) <= 0;
    if (complete || behind) {
      occupancy.change(before, after);
    }
  }

  /** Whether every flight is counted. */
  boolean isComplete() {
    return complete;
  }

  Occupancy occupancy() {
    return occupancy;
  }
}
