package io.ratatoskr.gateway;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The vectors that a provider is asked for.
 *
 * @param models its models that make them, each once
 * @param textsPerCall most texts of one call; positive
 */
public record ProviderEmbeddings(List<String> models, int textsPerCall) {
  /** As many as a record of requests holds. */
  static final int TEXTS_PER_CALL = 256;

  private static final ProviderEmbeddings NONE = new ProviderEmbeddings(List.of(), TEXTS_PER_CALL);

  public ProviderEmbeddings {
    models = List.copyOf(models);
    Set<String> ids = new HashSet<>();
    for (String model : models) {
      if (model.isBlank()) {
        throw new IllegalArgumentException("embedding-models: one is empty");
      }
      if (!ids.add(model)) {
        throw new IllegalArgumentException("embedding-models: '" + model + "' is there twice");
      }
    }
    if (textsPerCall < 1) {
      throw new IllegalArgumentException("texts-per-call: must be positive, is " + textsPerCall);
    }
  }

  /** No models are named; 256 texts a call. */
  public static ProviderEmbeddings none() {
    return NONE;
  }

  /** Those models; 256 texts a call. */
  public static ProviderEmbeddings of(String... models) {
    return new ProviderEmbeddings(List.of(models), TEXTS_PER_CALL);
  }
}
