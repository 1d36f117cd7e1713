package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.worker.Engine;
import java.util.Set;

/** The engine of the chat and generate workers: calls providers, which are paid by the call. */
public final class GatewayEngine {
  /** The capabilities of this engine. */
  public static final Set<Capability> CAPABILITIES = Set.of(Capability.CHAT, Capability.GENERATE);

  private GatewayEngine() {}

  /**
   * An engine without a provider. It holds the role: requests for it are answered at once, with
   * what to do, and do not wait for their deadline.
   */
  public static Engine<?> create() {
    return Engine.refusing(
        CAPABILITIES,
        true,
        capability ->
            InferenceError.noProvider(
                capability.topicName(),
                "This release can call no provider for %s; use a release that can."
                    .formatted(capability.topicName())));
  }
}
