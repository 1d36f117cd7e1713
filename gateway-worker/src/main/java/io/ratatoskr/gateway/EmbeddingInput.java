package io.ratatoskr.gateway;

import java.time.Instant;
import java.util.List;

/**
 * Texts that a provider makes vectors of, in one call. They go as they are: where a model wants a
 * prefix for queries or documents, the caller puts it.
 *
 * @param texts at least one, none empty
 * @param model the provider's name of the model
 * @param dimensions length that the vectors shall have; 0 is the model's own
 * @param deadline when the call is given up
 */
public record EmbeddingInput(List<String> texts, String model, int dimensions, Instant deadline) {
  public EmbeddingInput {
    texts = List.copyOf(texts);
    if (texts.isEmpty() || texts.contains("")) {
      throw new IllegalArgumentException("texts: at least one, and none empty");
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: is empty");
    }
  }
}
