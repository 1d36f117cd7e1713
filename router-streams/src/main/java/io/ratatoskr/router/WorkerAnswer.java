package io.ratatoskr.router;

import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;

/** What a worker has answered; the router passes it on and looks at nothing but its origin. */
record WorkerAnswer(ByteBuffer payload, Provenance provenance, Timings timings) {}
