package io.ratatoskr.router.health;

import io.ratatoskr.catalog.ModelOfPool;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiPredicate;

/**
 * The probes of one task while it handles one event: a permit is set aside where a choice asks for
 * it, used when work is sent to that candidate, and given back when the event is over without. Not
 * thread-safe, as a task is not.
 */
public final class TaskProbes implements BiPredicate<String, String> {
  private final Tally tally;
  private final Map<ModelOfPool, Long> setAside = new HashMap<>();

  /** No permit is set aside. */
  public TaskProbes(Tally tally) {
    this.tally = tally;
  }

  /** Whether a request may be sent there as a probe of a half-open circuit. */
  @Override
  public boolean test(String pool, String model) {
    ModelOfPool of = new ModelOfPool(pool, model);
    if (setAside.containsKey(of)) {
      return true;
    }
    OptionalLong permit = tally.takeProbe(of);
    permit.ifPresent(sinceMs -> setAside.put(of, sinceMs));
    return permit.isPresent();
  }

  /** Work is sent there. */
  public void dispatched(String pool, String model) {
    if (!setAside.isEmpty()) {
      ModelOfPool of = new ModelOfPool(pool, model);
      if (setAside.remove(of) != null) {
        tally.sentProbe(of);
      }
    }
  }

  /** The event is over. */
  public void over() {
    if (!setAside.isEmpty()) {
      setAside.forEach(tally::giveBackProbe);
      setAside.clear();
    }
  }
}
