package io.ratatoskr.onnx;

/** What a model does. */
public enum ModelKind {
  /** Makes a vector of a text: {@link Embedder}. */
  EMBEDDING("embedding"),
  /** Judges whether a premise entails a hypothesis: {@link PairClassifier}. */
  NLI("nli");

  private final String key;

  ModelKind(String key) {
    this.key = key;
  }

  /** Its name in {@code model.toml}. */
  String key() {
    return key;
  }
}
