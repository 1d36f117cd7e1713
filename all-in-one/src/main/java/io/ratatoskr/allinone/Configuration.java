package io.ratatoskr.allinone;

import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.embed.EmbedConfig;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderSettings;
import io.ratatoskr.nli.NliConfig;
import io.ratatoskr.onnxworker.ModelsConfig;
import io.ratatoskr.policy.OwnQueues;
import io.ratatoskr.policy.PolicyConfig;
import io.ratatoskr.router.AdmissionLimits;
import io.ratatoskr.router.LaneSettings;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import io.ratatoskr.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The values of a configuration file, in one typed record for each part of the pipeline. Whoever
 * starts a part sets what is not in a file: a router's deployment and folder, a worker's pool.
 *
 * @param router how a router runs
 * @param worker how a worker of any kind takes work
 * @param embed which embedding models are served
 * @param nli which NLI models are served
 * @param providers who is called for chat, generation and vectors
 * @param client how requests are sent
 * @param logLevel how much a service says
 */
public record Configuration(
    RouterConfig router,
    WorkerConfig worker,
    ModelsConfig embed,
    NliConfig nli,
    List<ProviderConfig> providers,
    ClientConfig client,
    LogLevel logLevel) {

  /** The least severe messages that a service logs. */
  public enum LogLevel {
    /** Failures that may need somebody. */
    WARN,
    /** Also what the service does. */
    INFO,
    /** Also how it does that. */
    DEBUG
  }

  private static final Setting<LogLevel> LOG_LEVEL =
      Setting.choice(
              "log.level",
              LogLevel.INFO,
              "How much `up` and `serve` say; `--debug` says more than `debug`, of Kafka's clients"
                  + " too.")
          .whileRunning();

  public Configuration {
    providers = List.copyOf(providers);
  }

  private static final KnownSettings KNOWN = new KnownSettings(sections(), elsewhere());

  private static List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(KafkaProperties.SECTION);
    sections.add(SchemaRegistry.SECTION);
    sections.add(Pools.SECTION);
    sections.addAll(RouterConfig.SECTIONS);
    sections.addAll(PolicyConfig.SECTIONS);
    sections.add(AdmissionLimits.TENANTS);
    sections.add(WorkerConfig.SECTION);
    List<Setting<?>> models = new ArrayList<>(List.of(EmbedConfig.MODELS, NliConfig.MODELS));
    models.addAll(ModelsConfig.common());
    sections.add(
        new Section(
            "models",
            "For `serve embed` and `serve nli`, and for these workers in `up`; commands without"
                + " `--bootstrap` load the one that they ask. `--model` sets `models.embed` and"
                + " `models.nli`.",
            models));
    sections.add(EmbedConfig.SECTION);
    sections.add(NliConfig.SECTION);
    sections.add(ProviderSettings.SECTION);
    sections.add(ClientConfig.SECTION);
    sections.add(ServiceConfig.SECTION);
    sections.add(new Section("log", "For `up` and `serve`.", List.of(LOG_LEVEL)));
    return sections;
  }

  private static Map<String, String> elsewhere() {
    Map<String, String> elsewhere = new HashMap<>();
    elsewhere.put(
        "[[models]]",
        "models to serve stand in [models]; what is said of a model for routing, in [[profiles]]");
    List.of(
            "kind",
            "graph",
            "max-tokens",
            "pooling",
            "normalise",
            "query-prefix",
            "document-prefix")
        .forEach(name -> elsewhere.put(name, "belongs into model.toml in the model's folder"));
    elsewhere.put("RATATOSKR_CACHE_DIR", "where models out of jars are kept");
    return elsewhere;
  }

  /** All keys. */
  public static KnownSettings known() {
    return KNOWN;
  }

  /** The defaults of an all-in-one: it keeps answers, and has a status page. */
  public static Values allInOne() {
    return Values.of(
        KNOWN.settings(), Map.of("cache.enabled", "true", ServiceConfig.PORT.key(), "9741"));
  }

  /** The same, for one client that bounds what is in flight: the router's state fits the heap. */
  public static Values oneClient() {
    return Values.of(KNOWN.settings(), Map.of("cache.enabled", "true", "router.store", "memory"));
  }

  /**
   * The configuration that those values make.
   *
   * @throws io.ratatoskr.settings.InvalidSettingException naming place and key of what is not
   *     allowed
   */
  public static Configuration of(Values values) {
    // So that whoever reads a file refuses all of it.
    var _ = ServiceConfig.of(values);
    List<ProviderConfig> providers = ProviderSettings.of(values);
    RouterConfig files = RouterConfig.of(Deployment.cluster(), Path.of("router"), values);
    RouterConfig router = files.withPools(withProviders(files, providers));
    OwnQueues.check(values, names(router.pools()));
    WorkerConfig worker = WorkerConfig.of(values);
    if (!worker.pool().isEmpty()) {
      var _ =
          values.locate(() -> router.pools().named(WorkerConfig.POOL_NAME.key(), worker.pool()));
    }
    return new Configuration(
        router,
        worker,
        EmbedConfig.of(values),
        NliConfig.of(values),
        providers,
        ClientConfig.of(values),
        LOG_LEVEL.of(values));
  }

  private static Set<String> names(Pools pools) {
    return pools.all().stream()
        .map(WorkerPool::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The pools, and one for each provider unless it is written. The usual pool of chats, which no
   * provider serves, goes.
   */
  private static Pools withProviders(RouterConfig router, List<ProviderConfig> providers) {
    WorkerPool usual =
        Pools.standard().named(WorkerConfig.POOL_NAME.key(), WorkerKind.GATEWAY.usualPool());
    List<WorkerPool> pools = new ArrayList<>(router.pools().all());
    Duration budget =
        pools.stream()
            .filter(pool -> pool.taking() == WorkerPool.Taking.CLAIMED)
            .map(WorkerPool::budget)
            .findFirst()
            .orElse(usual.budget());
    if (!providers.isEmpty()) {
      pools.removeIf(pool -> pool.equals(usual.withBudget(pool.budget())));
    }
    for (ProviderConfig provider : providers) {
      if (pools.stream().noneMatch(pool -> pool.name().equals(provider.name()))) {
        pools.add(
            new WorkerPool(
                provider.name(),
                provider.capabilities(),
                WorkerPool.Taking.CLAIMED,
                budget,
                provider.location()));
      }
    }
    return new Pools(pools);
  }

  /** This configuration with a provider in place of all that are written. */
  public Configuration withProvider(ProviderConfig provider) {
    RouterConfig alone =
        router.withPools(
            new Pools(
                router.pools().all().stream()
                    .filter(pool ->
                        providers.stream().noneMatch(other -> other.name().equals(pool.name())))
                    .toList()));
    return new Configuration(
        alone.withPools(withProviders(alone, List.of(provider))),
        worker,
        embed,
        nli,
        List.of(provider),
        client,
        logLevel);
  }

  /** This configuration with no pools but those of its providers, for workers of these alone. */
  public Configuration withProvidersAlone() {
    List<WorkerPool> own =
        router.pools().all().stream().filter(pool -> provider(pool.name()).isPresent()).toList();
    return new Configuration(
        router.withPools(new Pools(own)), worker, embed, nli, providers, client, logLevel);
  }

  /** The provider of that name, which is also its pool's. */
  Optional<ProviderConfig> provider(String name) {
    return providers.stream().filter(provider -> provider.name().equals(name)).findFirst();
  }

  /**
   * The provider whose vectors of a model may be asked for: one that names it, else one whose
   * server says what it has.
   */
  public Optional<ProviderConfig> embeddingProvider(String model) {
    Optional<ProviderConfig> naming =
        providers.stream()
            .filter(provider -> provider.embeddings().models().contains(model))
            .findFirst();
    return naming.or(
        () -> providers.stream().filter(ProviderConfig::discoversEmbeddings).findFirst());
  }

  /** This configuration with a pool chosen for its workers. */
  Configuration withWorkerPool(String pool) {
    return new Configuration(
        router, worker.withPool(pool), embed, nli, providers, client, logLevel);
  }

  /** The topics that its pools and limits need, of those lanes. */
  public List<TopicSpec> topics(Deployment deployment, Set<Lane> lanes) {
    List<TopicSpec> topics = new ArrayList<>(topics(deployment, lanes, router.pools()));
    Map<String, Integer> partitions = new HashMap<>();
    router.pools().all().forEach(pool -> partitions.put(pool.name(), pool.partitions(deployment)));
    topics.addAll(queueTopics(lanes, partitions, router.policy().queues().byPool()));
    return topics;
  }

  /**
   * The topics of these queues, within its limits.
   *
   * @param partitions of the work topics of each pool, by its name; queues of other pools have none
   * @param queues the names of each pool's queues, by its name
   */
  public List<TopicSpec> queueTopics(
      Set<Lane> lanes, Map<String, Integer> partitions, Map<String, Set<String>> queues) {
    Map<String, Set<String>> there = new HashMap<>(queues);
    there.keySet().retainAll(partitions.keySet());
    return Topics.ofQueues(lanes, times(), partitions, there);
  }

  private Map<Lane, Topics.LaneTimes> times() {
    return Map.of(Lane.INTERACTIVE, times(router.interactive()), Lane.BULK, times(router.bulk()));
  }

  /** The topics that these pools and its limits need, of those lanes. */
  public List<TopicSpec> topics(Deployment deployment, Set<Lane> lanes, Pools pools) {
    return Topics.of(deployment, lanes, times(), pools);
  }

  private static Topics.LaneTimes times(LaneSettings lane) {
    return new Topics.LaneTimes(lane.queueLimit(), lane.replyRetention());
  }

  /** This configuration with every worker in the usual pool of its kind. */
  Configuration withUsualPools() {
    return new Configuration(router, worker.withPool(""), embed, nli, providers, client, logLevel);
  }

  /** This configuration with every part on that Kafka, {@code host:port} separated by commas. */
  public Configuration withBootstrap(String bootstrap) {
    return new Configuration(
        router.withBootstrap(bootstrap),
        worker.withBootstrap(bootstrap),
        embed,
        nli,
        providers,
        client.withBootstrap(bootstrap),
        logLevel);
  }

  /** This configuration with routers and workers of those lanes alone. */
  public Configuration withLanes(Set<Lane> lanes) {
    return new Configuration(
        router.withLanes(lanes), worker.withLanes(lanes), embed, nli, providers, client, logLevel);
  }

  /** This configuration with these embedding models, ids and paths of folders. */
  public Configuration withEmbed(List<String> models) {
    return new Configuration(
        router, worker, embed.withNames(models), nli, providers, client, logLevel);
  }

  /** This configuration with these NLI models, ids and paths of folders. */
  public Configuration withNli(List<String> models) {
    NliConfig judges = new NliConfig(nli.models().withNames(models), nli.maxLabels());
    return new Configuration(router, worker, embed, judges, providers, client, logLevel);
  }
}
