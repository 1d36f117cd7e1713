package io.ratatoskr.embed;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.SchemaIds;
import java.util.Map;
import java.util.Set;

/** The engine of embed workers. */
public final class EmbedEngine {
  /** The capabilities of this engine. */
  public static final Set<Capability> CAPABILITIES = Set.of(Capability.EMBED);

  private EmbedEngine() {}

  /**
   * Begins to load the models and returns; see {@link ModelEngine#loaded()}.
   *
   * @param ids schema ids of requests and replies
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives no ids
   */
  public static ModelEngine<Embedder> start(ModelsConfig config, SchemaIds ids) {
    ServedModels models = config.served();
    return ModelEngine.start(
        models,
        files -> Embedder.load(files, models.inference(files.id())),
        Map.of(Capability.EMBED, new EmbedRequests(ids)));
  }
}
