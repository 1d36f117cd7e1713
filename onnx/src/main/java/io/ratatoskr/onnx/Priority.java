package io.ratatoskr.onnx;

/** Which queue a submission waits in. */
public enum Priority {
  /** Runs first. */
  INTERACTIVE,
  /** Runs when nothing interactive waits, and on every n-th turn: {@link InferenceConfig}. */
  BULK
}
