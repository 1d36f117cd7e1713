package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import picocli.CommandLine.Option;

/** The option for whether what is asked may leave this deployment. */
final class RemoteOption {
  @Option(
      names = "--remote",
      description =
          "Allow what is asked to leave this deployment, to a provider that is not local.")
  private boolean remote;

  DataPolicy dataPolicy() {
    return remote ? DataPolicy.REMOTE_ALLOWED : DataPolicy.LOCAL_ONLY;
  }

  /**
   * Asks for consent before anything starts, where the one who will be asked is known.
   *
   * @throws RequestFailedException naming this option
   */
  void require(ProviderConfig provider) {
    if (!remote && provider.location() == Location.REMOTE) {
      throw named(
          InferenceError.consentRequired(
              "provider %s is remote, and the data would leave this deployment's machines"
                  .formatted(provider.name())));
    }
  }

  /** A refusal for want of consent, naming this option; any other one as it is. */
  static RequestFailedException named(RequestFailedException refusal) {
    return refusal.error().code() == ErrorCode.CONSENT_REQUIRED ? named(refusal.error()) : refusal;
  }

  private static RequestFailedException named(InferenceError error) {
    return new RequestFailedException(
        new InferenceError(
            error.code(),
            error.message() + ": --remote allows it",
            error.details(),
            error.retryAfter().orElse(null)));
  }
}
