package io.ratatoskr.onnx;

/** The name, revision and limit of a loaded model. */
public sealed interface ModelSpec permits EmbeddingSpec, PairSpec {

  /** The name that requests use, for instance {@code all-minilm-l6-v2}. */
  String id();

  /** The first 16 hex digits of the SHA-256 of the model's files. */
  String revision();

  /** Most tokens of one input, special tokens included. */
  int maxTokens();
}
