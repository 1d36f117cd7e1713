package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine whose first answer to whether it is ready is an exception. */
record FailingOnce(HashEngine sound, AtomicInteger asked) implements Engine<List<String>> {

  @Override
  public boolean ready() {
    if (asked.getAndIncrement() == 0) {
      throw new IllegalStateException("thrown on purpose");
    }
    return true;
  }

  @Override
  public Set<Capability> capabilities() {
    return sound.capabilities();
  }

  @Override
  public List<ServedModel> models() {
    return sound.models();
  }

  @Override
  public Prepared<List<String>> prepare(Work work) {
    return sound.prepare(work);
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<List<String>>> runs, Lane lane) {
    return sound.run(runs, lane);
  }

  @Override
  public void close() {
    // The sound engine is closed by its owner.
  }
}
