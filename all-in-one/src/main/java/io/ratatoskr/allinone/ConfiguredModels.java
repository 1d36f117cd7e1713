package io.ratatoskr.allinone;

import io.ratatoskr.client.KnownModel;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderModel;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.WorkerPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lists the models that a configuration offers, without a pipeline. */
public final class ConfiguredModels {
  private ConfiguredModels() {}

  /**
   * The models that are built in, those that it names, those in its folder of models, and those of
   * its providers; by name and pool.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming the key of a model that there is
   *     not
   */
  public static List<KnownModel> of(Configuration configuration) {
    List<KnownModel> models = new ArrayList<>();
    Configuration usual = configuration.withUsualPools();
    models.addAll(onnx(WorkerKind.EMBED.pool(usual), configuration.embed()));
    models.addAll(onnx(WorkerKind.NLI.pool(usual), configuration.nli().models()));
    for (ProviderConfig provider : configuration.providers()) {
      WorkerPool pool = configuration.router().pools().named("providers", provider.name());
      Set<String> ids = new LinkedHashSet<>();
      provider.models().forEach(model -> ids.add(model.id()));
      ids.addAll(provider.embeddings().models());
      ids.forEach(id -> models.add(offered(id, provider, pool)));
    }
    models.sort(Comparator.comparing(KnownModel::id).thenComparing(KnownModel::pool));
    return models;
  }

  private static List<KnownModel> onnx(WorkerPool pool, ModelsConfig config) {
    Set<String> ids = new LinkedHashSet<>(ModelFiles.builtInIds(config.keys().kind()));
    ids.addAll(config.served().byId().keySet());
    return ids.stream()
        .map(id -> KnownModel.configured(id, pool.capabilities(), pool.name(), Location.LOCAL))
        .toList();
  }

  private static KnownModel offered(String id, ProviderConfig provider, WorkerPool pool) {
    ProviderModel model = provider.model(id);
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    if (provider.models().stream().anyMatch(each -> each.id().equals(id))) {
      capabilities.addAll(pool.capabilities());
      capabilities.remove(Capability.EMBED);
    }
    if (provider.embeddings().models().contains(id)) {
      capabilities.add(Capability.EMBED);
    }
    return new KnownModel(
        id,
        capabilities,
        pool.name(),
        provider.location(),
        KnownModel.State.KNOWN,
        Optional.empty(),
        model.context().orElse(0),
        0,
        model.price(),
        0);
  }
}
