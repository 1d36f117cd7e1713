package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;

/** The answer of a worker; the router passes it on and looks at nothing but its origin. */
public record WorkerAnswer(ByteBuffer payload, Provenance provenance, Timings timings) {}
