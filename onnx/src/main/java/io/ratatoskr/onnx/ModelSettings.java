package io.ratatoskr.onnx;

import org.jspecify.annotations.Nullable;

/** What a model's own configuration says. */
sealed interface ModelSettings {

  /** Most tokens of one input, special tokens included. */
  int maxTokens();

  /** What the model does. */
  ModelKind kind();

  /**
   * Of an embedding model.
   *
   * @param poolingOrNull how token vectors become one, where the files say
   * @param normalise whether vectors are scaled to length 1
   * @param queryPrefix put before every query
   * @param documentPrefix put before every document
   */
  record Embedding(
      @Nullable Pooling poolingOrNull,
      boolean normalise,
      int maxTokens,
      String queryPrefix,
      String documentPrefix)
      implements ModelSettings {
    @Override
    public ModelKind kind() {
      return ModelKind.EMBEDDING;
    }

    /** For a graph that gives one vector a token. */
    Pooling requirePooling(String id) {
      if (poolingOrNull == null) {
        throw new ModelLoadException(
            ModelLoadException.Reason.SETTINGS,
            ("Model %s gives a vector for each token, and nothing says how they become one: needed"
                 + " is 1_Pooling/config.json, or pooling = \"mean\", \"cls\" or \"last\" in %s.")
                .formatted(id, OwnSettings.FILE));
      }
      return poolingOrNull;
    }
  }

  /**
   * Of a cross-encoder.
   *
   * @param labels which logit stands for what
   */
  record Pairs(int maxTokens, NliLabels labels) implements ModelSettings {
    @Override
    public ModelKind kind() {
      return ModelKind.NLI;
    }
  }
}
