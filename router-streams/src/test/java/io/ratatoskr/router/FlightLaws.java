package io.ratatoskr.router;

import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Settled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The laws that hold for the decisions on any one event.
 *
 * @param before the flight as it was
 */
record FlightLaws(@Nullable Flight before, List<Decision> decisions) {
  private static final int MOST_CRASHES = 1;

  List<String> violations() {
    List<String> violations = new ArrayList<>();
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Store store -> stored(store.flight(), violations);
        case Decision.AnswerAll all ->
            credited(all.flight(), all.answer().provenance().getProvider(), violations);
        case Decision.Cache put -> {
          String wanted = put.flight().facts().chain().getFirst().model();
          if (!put.answer().provenance().getModel().equals(wanted)) {
            violations.add("an answer of another model is kept for later requests");
          }
        }
        case Decision.Dispatch dispatch -> {
          if (!dispatch.flight().isOpen()) {
            violations.add("work of a settled flight is dispatched");
          }
        }
        case Decision.Wait _,
            Decision.Retire _,
            Decision.WriteAgain _,
            Decision.Forget _,
            Decision.FailAll _,
            Decision.LayAside _,
            Decision.AnswerOne _,
            Decision.FailOne _,
            Decision.Tell _,
            Decision.Remember _,
            Decision.Abort _,
            Decision.Count _ -> {}
      }
    }
    return violations;
  }

  /** An answer is credited to the candidate that gave it. */
  private static void credited(Flight flight, String gaveIt, List<String> violations) {
    if (flight.isOpen()) {
      violations.add("a flight is answered and stays open");
    }
    if (!flight.candidate().pool().equals(gaveIt)) {
      violations.add(gaveIt + " answered, and the credit goes to " + flight.candidate().pool());
    }
  }

  private void stored(Flight after, List<String> violations) {
    if (after.state() instanceof Open open) {
      bounded(after, open, violations);
    }
    if (before == null || before.generation() != after.generation()) {
      return;
    }
    if (before.state() instanceof Settled was
        && !(after.state() instanceof Settled is
            && is.link() == was.link()
            && is.attempt() == was.attempt()
            && String.valueOf(is.error()).equals(String.valueOf(was.error())))) {
      violations.add("a settled flight becomes " + after.state());
    }
    if (before.state() instanceof Open was && after.state() instanceof Open is) {
      followed(was, is, violations);
    }
  }

  /** Attempts at a candidate, and runs that end their worker, are bounded. */
  private static void bounded(Flight flight, Open open, List<String> violations) {
    if (open.linkAttempts() > flight.candidate().maxAttempts()) {
      violations.add(open.linkAttempts() + " attempts at " + flight.candidate());
    }
    if (open.crashes() > MOST_CRASHES) {
      violations.add("after " + open.crashes() + " lost workers it is tried again");
    }
  }

  private void followed(Open was, Open is, List<String> violations) {
    if (is.link() < was.link()) {
      violations.add("an earlier candidate is asked again: " + was + ", " + is);
    }
    boolean dispatched = decisions.stream().anyMatch(Decision.Dispatch.class::isInstance);
    if (is.attempt() != was.attempt() && (is.attempt() != was.attempt() + 1 || !dispatched)) {
      violations.add("an attempt is counted that nobody makes: " + was + ", " + is);
    }
    if (is.attempt() == was.attempt() && is.link() != was.link()) {
      violations.add("one attempt has two candidates: " + was + ", " + is);
    }
  }
}
