package io.ratatoskr.onnx;

import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
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
   * @param config how it is run, whatever its own {@code model.toml} says of devices
   * @throws ModelLoadException when it cannot be used, saying why
   */
  public static Embedder load(ModelFiles files, InferenceConfig config) {
    ModelSettings.Embedding settings = files.embeddingSettings();
    return ModelRunner.Files.open(
        files, config, Signature.Output.VECTORS, opened -> load(opened, settings, config));
  }

  private static Embedder load(
      ModelRunner.Files files, ModelSettings.Embedding settings, InferenceConfig config) {
    GraphTokenizer tokenizer = files.tokenizer();
    int specialTokens = tokenizer.frame().size();
    int width = files.warmUp(tokenizer.encode("a"), settings.maxTokens(), specialTokens);
    Head head = settings.head(files.source().folder(), files.session().signature(), width);
    EmbeddingSpec spec =
        new EmbeddingSpec(
            files.source().id(),
            files.source().revision(head.files()),
            head.pooling(),
            settings.normalise(),
            head.dimensions(),
            settings.maxTokens(),
            settings.lowerCase(),
            settings.queryPrefix(),
            settings.documentPrefix());
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
  public Tokenised prepare(List<String> texts, InputType type, Truncation truncation) {
    GraphTokenizer tokenizer = runner.tokenizer();
    return runner.prepare(() ->
        texts.stream()
            .map(text ->
                text.isBlank()
                    ? Tokenised.noTokens(ItemResult.NoTokens.Part.TEXT)
                    : Tokenised.item(
                        tokenizer.encode(spec.input(text, type)),
                        tokenizer.frame(),
                        spec.maxTokens(),
                        truncation))
            .toList());
  }

  @Override
  public List<CompletableFuture<List<ItemResult>>> submitAll(List<Tokenised> requests, Lane lane) {
    return runner.submitAll(requests, lane);
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
