package io.ratatoskr.onnx;

/** The kinds of models, by what they do. */
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
