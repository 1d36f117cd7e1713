package io.ratatoskr.onnx;

/** The embedder was closed before these texts were run; send them to another one. */
public final class EmbedderClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbedderClosedException(String modelId) {
    super(
        "The embedder of model %s is closed; texts that had not run yet were not embedded."
            .formatted(modelId));
  }
}
