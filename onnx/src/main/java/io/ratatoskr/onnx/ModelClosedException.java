package io.ratatoskr.onnx;

/** The model was closed before these inputs were run; send them to another one. */
public final class ModelClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelClosedException(String modelId) {
    super("Model %s is closed; inputs that had not run yet were not run.".formatted(modelId));
  }
}
