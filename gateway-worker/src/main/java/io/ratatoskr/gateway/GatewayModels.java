package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.worker.ServedModel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that a gateway worker announces: those of the configuration, and where it names none,
 * those of an Ollama server by what the server says that they can do. The space of a model's
 * vectors is known from its first answer on. Thread-safe.
 */
final class GatewayModels {
  private static final String LATEST = ":latest";

  private final ProviderConfig config;
  private final @Nullable OllamaWatch watch;
  private final Map<String, Vectors> vectors = new ConcurrentHashMap<>();

  /** What an answer said of a model's vectors. */
  private record Vectors(String revision, String spaceId, int dimensions) {
    private static final Vectors UNKNOWN = new Vectors("", "", 0);
  }

  GatewayModels(ProviderConfig config, @Nullable OllamaWatch watch) {
    this.config = config;
    this.watch = watch;
  }

  List<ServedModel> served() {
    boolean away = watch != null && watch.health().health() == HealthState.Health.UNHEALTHY;
    return capabilities().entrySet().stream()
        .map(model ->
            (away ? away(model.getKey()) : ready(model.getKey(), model.getValue()))
                .servingOnly(model.getValue())
                .offered(config.location(), config.model(model.getKey()).price().orElse(null)))
        .toList();
  }

  private ServedModel away(String name) {
    return ServedModel.unavailable(name, "%s does not answer".formatted(config.baseUrl()));
  }

  private ServedModel ready(String name, Set<Capability> capabilities) {
    Vectors known = Vectors.UNKNOWN;
    if (capabilities.contains(Capability.EMBED)) {
      String digest = digest(name);
      Vectors answered = vectors.getOrDefault(name, Vectors.UNKNOWN);
      known =
          digest.isEmpty() || digest.equals(answered.revision())
              ? answered
              : new Vectors(digest, "", 0);
    }
    return new ServedModel(
        name,
        ServedModel.Readiness.READY,
        null,
        known.revision(),
        known.spaceId(),
        known.dimensions(),
        config.model(name).context().orElse(0));
  }

  /** The capabilities of each model, by its name. */
  private Map<String, Set<Capability>> capabilities() {
    Map<String, Set<Capability>> capabilities = new LinkedHashMap<>();
    texts().forEach(name -> add(capabilities, name, ProviderConfig.TEXT));
    config.models().stream()
        .filter(ProviderModel::judges)
        .forEach(model -> add(capabilities, model.id(), ProviderConfig.JUDGED));
    (config.discoversEmbeddings()
            ? pulled(OllamaDetails::embeds)
            : config.embeddings().models().stream())
        .forEach(name -> add(capabilities, name, Set.of(Capability.EMBED)));
    return capabilities;
  }

  private static void add(
      Map<String, Set<Capability>> capabilities, String name, Set<Capability> more) {
    capabilities.computeIfAbsent(name, key -> new HashSet<>()).addAll(more);
  }

  private Stream<String> texts() {
    return config.discoversModels()
        ? pulled(OllamaDetails::writes)
        : config.models().stream().map(ProviderModel::id);
  }

  /** What the server has pulled of that kind; a model's name with tag latest has a short form. */
  private Stream<String> pulled(Predicate<OllamaDetails> kind) {
    if (watch == null) {
      return Stream.of();
    }
    OllamaWatch server = watch;
    return server.models().stream()
        .filter(model -> kind.test(server.details(model)))
        .map(OllamaModel::name)
        .flatMap(name ->
            name.endsWith(LATEST)
                ? Stream.of(name.substring(0, name.length() - LATEST.length()), name)
                : Stream.of(name));
  }

  /** Any chat where no model for it is known; vectors of known models alone. */
  Set<Capability> anyModel() {
    return texts().findAny().isEmpty() ? ProviderConfig.TEXT : Set.of();
  }

  /** An answer tells the space of a model's vectors. */
  void answered(String name, EmbeddingRun.Outcome.Done done) {
    if (done.spaceId().isEmpty()) {
      return;
    }
    vectors.put(name, new Vectors(done.revision(), done.spaceId(), done.dimensions()));
    String digest = digest(name);
    if (watch != null && !digest.isEmpty() && !digest.equals(done.revision())) {
      watch.lookAgain();
    }
  }

  /** The digest that the server said of a model; empty where it said none. */
  private String digest(String name) {
    if (watch == null) {
      return "";
    }
    return watch.models().stream()
        .filter(model -> model.name().equals(name) || model.name().equals(name + LATEST))
        .map(OllamaModel::digest)
        .findFirst()
        .orElse("");
  }
}
