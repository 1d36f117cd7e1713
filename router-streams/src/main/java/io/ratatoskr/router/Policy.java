package io.ratatoskr.router;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import java.util.List;

/** Which pools may answer a request, in which order, within which limits. */
final class Policy {
  private final RouterConfig config;

  Policy(RouterConfig config) {
    this.config = config;
  }

  /**
   * The candidates for a request; they are fixed in its flight at admission. None where it names a
   * preset, since there are none.
   */
  List<Candidate> chain(Capability capability, Lane lane, RequestHead head) {
    if (!head.preset().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Candidate(
            pool(capability),
            head.model(),
            config.attempts().perCandidate(),
            config.lane(lane).queueLimit().toMillis(),
            config.execution().budget(capability).toMillis()));
  }

  /** The pool that serves a capability. */
  static String pool(Capability capability) {
    return switch (capability) {
      case EMBED -> "embed";
      case NLI, CLASSIFY, STANCE, TOKENIZE -> "nli";
      case CHAT, GENERATE -> "chat";
    };
  }
}
