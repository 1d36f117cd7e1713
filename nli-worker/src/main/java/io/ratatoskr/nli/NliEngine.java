package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.SchemaIds;
import java.util.Map;
import java.util.Set;

/** The engine of NLI workers. */
public final class NliEngine {
  /** The capabilities of this engine. */
  public static final Set<Capability> CAPABILITIES =
      Set.of(Capability.NLI, Capability.CLASSIFY, Capability.STANCE, Capability.TOKENIZE);

  private NliEngine() {}

  /**
   * Begins to load the models and returns; see {@link ModelEngine#loaded()}.
   *
   * @param ids schema ids of requests and replies
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives no ids
   */
  public static ModelEngine<PairClassifier> start(NliConfig config, SchemaIds ids) {
    ServedModels models = config.models().served();
    return ModelEngine.start(
        models,
        files -> PairClassifier.load(files, models.inference(files.id())),
        Map.of(
            Capability.NLI, new NliRequests(ids),
            Capability.CLASSIFY, new ClassifyRequests(config.maxLabels(), ids),
            Capability.STANCE, new StanceRequests(ids),
            Capability.TOKENIZE, new TokenizeRequests(models, ids)));
  }
}
