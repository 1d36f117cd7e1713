package io.ratatoskr.onnx;

/** The settings in a model's own files. */
sealed interface ModelSettings {

  /** Most tokens of one input, special tokens included. */
  int maxTokens();

  /** The kind of the model. */
  ModelKind kind();

  /**
   * The settings of an embedding model.
   *
   * @param modules how token vectors become one
   * @param normalise whether vectors are scaled to length 1
   * @param lowerCase whether texts are put into lower case before they are tokenised
   * @param maxTokens most tokens of a text, special tokens included
   * @param queryPrefix put before every query
   * @param documentPrefix put before every document
   */
  record Embedding(
      SentenceModules modules,
      boolean normalise,
      boolean lowerCase,
      int maxTokens,
      String queryPrefix,
      String documentPrefix)
      implements ModelSettings {
    @Override
    public ModelKind kind() {
      return ModelKind.EMBEDDING;
    }

    /**
     * The head for the output of this model's graph.
     *
     * @param width numbers that the graph gives for a token, or for a text where it pools by itself
     * @throws ModelLoadException when the files do not say it, or not in a way that can be computed
     *     here
     */
    Head head(FolderFiles files, Signature signature, int width) {
      if (!signature.pooled()) {
        return modules.head(files, width, normalise);
      }
      if (modules.own()) {
        throw files.settings(
            "%s gives pooling, and the graph pools by itself and gives %s; leave it out"
                .formatted(OwnSettings.FILE, signature.output()));
      }
      if (!modules.dense().isEmpty() && !signature.output().equals(SentenceModules.SENTENCE)) {
        throw files.settings(
            "modules.json asks for %s, and the graph's only vector of a text is called %s, which does not say whether it is inside. %s"
                .formatted(modules.dense(), signature.output(), SentenceModules.EXPORT));
      }
      return Head.graph(width, normalise);
    }
  }

  /**
   * The settings of a cross-encoder.
   *
   * @param maxTokens most tokens of a pair, special tokens included
   * @param labels which logit stands for what
   */
  record Pairs(int maxTokens, NliLabels labels) implements ModelSettings {
    @Override
    public ModelKind kind() {
      return ModelKind.NLI;
    }
  }
}
