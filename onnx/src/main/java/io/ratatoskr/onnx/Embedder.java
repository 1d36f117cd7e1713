package io.ratatoskr.onnx;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A loaded embedding model: texts in, vectors out. Safe for many threads. */
public final class Embedder implements OnnxModel {
  private final EmbeddingSpec spec;
  private final ModelRunner runner;

  private Embedder(EmbeddingSpec spec, ModelRunner runner) {
    this.spec = spec;
    this.runner = runner;
  }

  /**
   * Loads a model and runs it once.
   *
   * @throws ModelLoadException when it cannot be used, saying why
   */
  public static Embedder load(ModelFiles files, InferenceConfig config) {
    ModelSettings.Embedding settings = files.embeddingSettings();
    return ModelRunner.Files.open(
        files, config, Signature.Output.VECTORS, opened -> load(opened, settings, config));
  }

  private static Embedder load(
      ModelRunner.Files files, ModelSettings.Embedding settings, InferenceConfig config) {
    Tokenizer tokenizer = files.tokenizer();
    Pooling pooling =
        files.session().signature().pooled()
            ? Pooling.GRAPH
            : settings.requirePooling(files.source().id());
    int specialTokens = tokenizer.frame().size();
    int dimensions = files.warmUp(tokenizer.encode("a"), settings.maxTokens(), specialTokens);
    EmbeddingSpec spec =
        new EmbeddingSpec(
            files.source().id(),
            files.source().revision(),
            pooling,
            settings.normalise(),
            dimensions,
            settings.maxTokens(),
            settings.queryPrefix(),
            settings.documentPrefix());
    Head head = new Head(pooling, dimensions, settings.normalise());
    return new Embedder(spec, new ModelRunner(files, spec, head, specialTokens, config));
  }

  @Override
  public EmbeddingSpec spec() {
    return spec;
  }

  /**
   * Tokenises texts, each once; cheap beside inference.
   *
   * @throws ModelClosedException after {@link #close}
   */
  public Prepared prepare(List<String> texts, InputType type, Truncation truncation) {
    String prefix = spec.prefix(type);
    Tokenizer tokenizer = runner.tokenizer();
    return runner.prepare(() ->
        texts.stream()
            .map(text ->
                text.isBlank()
                    ? Prepared.noTokens(ItemResult.NoTokens.Part.TEXT)
                    : Prepared.item(
                        tokenizer.encode(prefix + text),
                        tokenizer.frame(),
                        spec.maxTokens(),
                        truncation))
            .toList());
  }

  @Override
  public List<CompletableFuture<List<ItemResult>>> submitAll(
      List<Prepared> requests, Priority priority) {
    return runner.submitAll(requests, priority);
  }

  @Override
  public void close() {
    runner.close();
  }

  @Override
  public String toString() {
    return "Embedder[%s, space %s]".formatted(runner, spec.spaceId());
  }
}
