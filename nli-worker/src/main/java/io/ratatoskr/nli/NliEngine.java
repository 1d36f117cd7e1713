package io.ratatoskr.nli;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.worker.Engine;
import java.util.Set;

/** The engine of the NLI, classification, stance and tokenising workers. */
public final class NliEngine {
  private static final Set<Capability> CAPABILITIES =
      Set.of(Capability.NLI, Capability.CLASSIFY, Capability.STANCE, Capability.TOKENIZE);

  private NliEngine() {}

  /**
   * An engine without a model. It holds the role: requests for it are answered at once, with what
   * to do, and do not wait for their deadline.
   */
  public static Engine<?> create() {
    return Engine.refusing(
        CAPABILITIES,
        false,
        capability ->
            new InferenceError.ModelNotAvailable(
                "",
                "This release has no model for %s; use a release that brings one."
                    .formatted(capability.topicName())));
  }
}
