package io.ratatoskr.onnx;

import io.ratatoskr.schemas.Lane;
import java.time.Duration;

/**
 * Computes how many tokens a batch may have. Where bulk callers are not {@linkplain
 * io.ratatoskr.niceness.Niceness nice} a batch of theirs takes a processor from interactive
 * requests until it ends: so bulk batches are short while interactive requests come, and long
 * enough to lose nothing by their number while none do. Not thread-safe.
 */
final class BatchBudget {
  /** Computing time of a bulk batch where no interactive request came lately. */
  static final Duration ALONE = Duration.ofMillis(100);

  /** Computing time of a bulk batch where one did. */
  static final Duration BESIDE = Duration.ofMillis(50);

  /** For so long after an interactive request another one is expected. */
  static final Duration LATELY = Duration.ofSeconds(1);

  /** Weight of what is known beside a new measurement. */
  private static final double KEPT = 0.9;

  private final int most;
  private double tokens;
  private double nanos;
  private boolean interactiveCame;
  private long interactiveNanos;

  /**
   * @param most tokens of any batch, padding included
   */
  BatchBudget(int most) {
    this.most = most;
  }

  /** An interactive request has come. */
  void interactive(long nowNanos) {
    interactiveCame = true;
    interactiveNanos = nowNanos;
  }

  /**
   * A bulk batch has run.
   *
   * @param tokens of the batch, padding included
   */
  void ran(int tokens, long tookNanos) {
    this.tokens = this.tokens * KEPT + tokens;
    this.nanos = this.nanos * KEPT + tookNanos;
  }

  /** Most tokens of the next batch, 1 or more. */
  int tokens(Lane lane, long nowNanos) {
    return switch (lane) {
      case INTERACTIVE -> most;
      case BULK -> bulk(lately(nowNanos) ? BESIDE : ALONE);
    };
  }

  private boolean lately(long nowNanos) {
    return interactiveCame && nowNanos - interactiveNanos < LATELY.toNanos();
  }

  private int bulk(Duration time) {
    double fitting =
        nanos == 0
            ? (double) most * time.toNanos() / ALONE.toNanos()
            : tokens / nanos * time.toNanos();
    return (int) Math.clamp(fitting, 1, most);
  }
}
