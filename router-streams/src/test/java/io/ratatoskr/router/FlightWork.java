package io.ratatoskr.router;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Event.Outcome;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;
import java.util.List;

/** A work item of a {@link FlightWorld}. */
record FlightWork(int generation, int attempt, int link, Source source) {
  static final List<PoolCandidate> CHAIN =
      List.of(
          new PoolCandidate("p0", "large", 2, 30_000, 20_000, "in turn", null, null),
          new PoolCandidate("p1", "large", 1, 10_000, 20_000, "in turn", null, null),
          new PoolCandidate("p2", "small", 2, 30_000, 20_000, "in turn", null, null));

  /** What a worker reports of it. */
  record Report(FlightWork of, String worker, String execution, Outcome outcome) {}

  Report report(String execution, Outcome outcome) {
    return new Report(this, "w" + link, execution, outcome);
  }

  /** An answer, which says whose it is. */
  Outcome answered() {
    return new Outcome.Answered(
        new WorkerAnswer(
            ByteBuffer.allocate(1),
            Provenance.newBuilder()
                .setModel(CHAIN.get(link).model())
                .setProvider(CHAIN.get(link).pool())
                .build(),
            new Timings(0L, 0L)));
  }
}
