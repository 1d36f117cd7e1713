package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Settles every request with an error, for a worker that has no means to answer it. */
record RefusingEngine(
    Set<Capability> capabilities, boolean claims, Function<Capability, InferenceError> refusal)
    implements Engine<Void> {

  @Override
  public List<ServedModel> models() {
    return List.of();
  }

  @Override
  public Prepared<Void> prepare(Work work) {
    return new Prepared.Settled<>(new Outcome.Rejected(refusal.apply(work.capability())));
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<Void>> runs, Lane lane) {
    throw new IllegalStateException("nothing is ever prepared to be run");
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
