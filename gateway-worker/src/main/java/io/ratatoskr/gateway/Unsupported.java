package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;

/** Refusals of options that a provider does not take. */
final class Unsupported {
  private Unsupported() {}

  static InferenceError error(
      ProviderConfig config, String model, String parameter, String remedy) {
    return InferenceError.unsupportedParameter(
        parameter,
        model,
        config.name(),
        "Provider %s does not take %s for model '%s'; %s, or ask another model."
            .formatted(config.name(), parameter, model, remedy));
  }

  static ProviderFailure parameter(
      ProviderConfig config, ProviderRequest request, String parameter, String remedy) {
    return new ProviderFailure(error(config, request.model(), parameter, remedy));
  }

  static ProviderFailure parameter(
      ProviderConfig config, ProviderRequest request, String parameter) {
    return parameter(config, request, parameter, "leave it out");
  }
}
