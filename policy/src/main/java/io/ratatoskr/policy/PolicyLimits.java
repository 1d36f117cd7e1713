package io.ratatoskr.policy;

import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.Map;

/**
 * How long candidates are asked.
 *
 * @param queueLimits longest wait in a pool's queue, of each lane
 * @param sharedBudget longest execution at a pool that nobody configured and workers announce
 * @param claimedBudget the same where it takes chats
 */
public record PolicyLimits(
    Map<Lane, Duration> queueLimits, Duration sharedBudget, Duration claimedBudget) {

  /** Keeps a copy. */
  public PolicyLimits {
    queueLimits = Map.copyOf(queueLimits);
  }

  Duration queueLimit(Lane lane) {
    return queueLimits.getOrDefault(lane, Duration.ofSeconds(30));
  }
}
