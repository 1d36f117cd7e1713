package io.ratatoskr.onnx;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A loaded cross-encoder: pairs of premise and hypothesis in, logits out, in the order of the
 * model's own classes ({@link PairSpec#labels}). Safe for many threads.
 */
public final class PairClassifier implements OnnxModel {
  private final PairSpec spec;
  private final PairEncoder encoder;
  private final ModelRunner runner;

  private PairClassifier(PairSpec spec, PairEncoder encoder, ModelRunner runner) {
    this.spec = spec;
    this.encoder = encoder;
    this.runner = runner;
  }

  /**
   * Loads a model and runs it once.
   *
   * @param config how it is run, whatever its own {@code model.toml} says of devices
   * @throws ModelLoadException when it cannot be used, saying why
   */
  public static PairClassifier load(ModelFiles files, InferenceConfig config) {
    ModelSettings.Pairs settings = files.pairSettings();
    return ModelRunner.Files.open(
        files, config, Signature.Output.LOGITS, opened -> load(opened, settings, config));
  }

  private static PairClassifier load(
      ModelRunner.Files files, ModelSettings.Pairs settings, InferenceConfig config) {
    PairEncoder encoder = PairEncoder.of(files.tokenizer());
    // Room for one token of each side at least.
    int logits = files.warmUp(encoder.probe(), settings.maxTokens(), encoder.specialTokens() + 1);
    if (logits != settings.labels().classes()) {
      throw new ModelLoadException(
          ModelLoadException.Reason.LABELS,
          "Model %s gives %d logits a pair, and its label map names %d classes (%s)."
              .formatted(
                  files.source().id(), logits, settings.labels().classes(), settings.labels()));
    }
    PairSpec spec =
        new PairSpec(
            files.source().id(),
            files.source().revision(List.of()),
            settings.maxTokens(),
            settings.labels());
    Head head = Head.graph(logits, false);
    return new PairClassifier(
        spec, encoder, new ModelRunner(files, spec, head, encoder.specialTokens(), config));
  }

  @Override
  public PairSpec spec() {
    return spec;
  }

  /**
   * Tokenises pairs, each different text among them once where the tokenizer allows it.
   *
   * @throws ModelClosedException after {@link #close}
   */
  public Tokenised prepare(List<TextPair> pairs, PairTruncation truncation) {
    Map<String, Encoded> sides = new HashMap<>();
    return runner.prepare(() -> pairs.stream().map(pair -> item(pair, sides, truncation)).toList());
  }

  private Tokenised.Item item(
      TextPair pair, Map<String, Encoded> sides, PairTruncation truncation) {
    if (pair.premise().isBlank() || pair.hypothesis().isBlank()) {
      return Tokenised.noTokens(
          pair.premise().isBlank()
              ? ItemResult.NoTokens.Part.PREMISE
              : ItemResult.NoTokens.Part.HYPOTHESIS);
    }
    return encoder.encode(pair, sides).item(spec.maxTokens(), truncation);
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
    return "PairClassifier[%s]".formatted(runner);
  }
}
