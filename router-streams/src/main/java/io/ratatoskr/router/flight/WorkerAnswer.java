package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.TokenUsage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a worker; the router passes it on and looks at nothing but its origin.
 *
 * @param usage the tokens that it took; null where they were not counted
 */
public record WorkerAnswer(
    ByteBuffer payload, Provenance provenance, Timings timings, @Nullable TokenUsage usage) {
  /** An answer whose tokens nobody counted. */
  public WorkerAnswer(ByteBuffer payload, Provenance provenance, Timings timings) {
    this(payload, provenance, timings, null);
  }
}
