package io.ratatoskr.onnx;

import org.jspecify.annotations.Nullable;

/** A model cannot be used; the message says what it has, what is needed and what to do. */
public final class ModelLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a model cannot be used. */
  public enum Reason {
    /** No model of this name is built in or configured. */
    UNKNOWN_MODEL,
    /** A file that every model needs is not there or cannot be read. */
    MISSING_FILE,
    /** The model file is no ONNX graph, or only the beginning of one. */
    NOT_A_MODEL,
    /** The graph's inputs or outputs are none that this module can feed and read. */
    SIGNATURE,
    /** The label map is missing, or does not say which class stands for what. */
    LABELS,
    /** The model's own configuration files contradict each other or ask for something unknown. */
    SETTINGS,
    /** The tokenizer file cannot be read. */
    TOKENIZER,
    /** The tokenizer has tokens for which the model has no vector. */
    VOCABULARY,
    /** The device that was asked for is not available. */
    DEVICE,
    /** The model cache cannot be written or holds what it should not. */
    CACHE,
    /** The first inference failed. */
    WARM_UP
  }

  private final Reason reason;

  ModelLoadException(Reason reason, String message) {
    this(reason, message, null);
  }

  ModelLoadException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why the model cannot be used. */
  public Reason reason() {
    return reason;
  }
}
