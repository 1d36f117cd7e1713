package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.schemas.Capability;
import java.util.Map;

/** The engine of NLI workers. */
public final class NliEngine {

  private NliEngine() {}

  /** Begins to load the models and returns; see {@link ModelEngine#loaded()}. */
  public static ModelEngine<PairClassifier> start(NliConfig config) {
    return ModelEngine.start(
        config.models(),
        files -> PairClassifier.load(files, config.models().inference()),
        Map.of(
            Capability.NLI, new NliRequests(),
            Capability.CLASSIFY, new ClassifyRequests(config.maxLabels()),
            Capability.STANCE, new StanceRequests(),
            Capability.TOKENIZE, new TokenizeRequests(config.models())));
  }
}
