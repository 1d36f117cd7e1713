package io.ratatoskr.launcher.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.Health;
import io.ratatoskr.allinone.PoolWorkers;
import io.ratatoskr.allinone.ServiceConfig;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.launcher.command.Broker;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Interruption;
import io.ratatoskr.launcher.command.Logging;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterException;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import io.ratatoskr.worker.WorkerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one role against a Kafka. */
@Command(
    name = "serve",
    description = "Run one role against a Kafka until Ctrl-C.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class ServeCommand implements Callable<Integer> {
  private static final Duration LAST_WORDS = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The roles. */
  enum Role {
    ROUTER,
    EMBED,
    NLI,
    GATEWAY
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}, in any case.")
  private @Nullable Role role;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "The Kafka to serve. Key: kafka.bootstrap")
  private @Nullable String bootstrap;

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description =
          "The pool whose work a worker takes. Default: embed, nli or chat. Key: workers.pool")
  private @Nullable String pool;

  @Option(
      names = "--model",
      paramLabel = "ID|PATH",
      description =
          "A model that an embed or NLI worker serves: an id, or a folder, named by a path with a "
              + "/. Repeat it for several. Default: all-minilm-l6-v2 or nli-minilm-l6")
  private List<String> models = List.of();

  @Mixin private ModelsOptions modelsOptions = new ModelsOptions();

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Mixin private TopicsCommand.Shape shape = new TopicsCommand.Shape();

  @Mixin private Settings settings = new Settings();

  private Hangup hangup = new Hangup();

  /** The values that the process runs with. */
  private Values started = Values.none();

  @Override
  public Integer call() throws InterruptedException, IOException {
    hangup = Hangup.taken();
    started = layers().read();
    ServiceConfig where = ServiceConfig.of(started);
    InetAddress listening = ServiceOptions.address(where, started);
    Configuration configuration = configuration(started);
    Optional<WorkerKind> kind = kind();
    kind.ifPresent(worker -> started.locate(() -> worker.pools(configuration)));
    Logging.service(configuration.logLevel());
    KafkaProperties kafka = configuration.client().kafka();
    try (Admin reachable = Broker.admin(configuration.client().bootstrap(), kafka)) {
      reachable.metrics();
    }
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (StatusServer page =
        where.hasPage() ? StatusServer.start(listening, where.pagePort(), meters) : null) {
      return kind.isPresent()
          ? worker(kind.get(), configuration, meters, page)
          : router(where, configuration, meters, page);
    }
  }

  /** The kind of worker that the role is, unless it is the router. */
  private Optional<WorkerKind> kind() {
    return switch (Objects.requireNonNull(role)) {
      case ROUTER -> Optional.empty();
      case EMBED -> Optional.of(WorkerKind.EMBED);
      case NLI -> Optional.of(WorkerKind.NLI);
      case GATEWAY -> Optional.of(WorkerKind.GATEWAY);
    };
  }

  private Layers layers() {
    Layers layers = service.over(modelsOptions.over(settings.layers()));
    if (bootstrap != null) {
      layers = layers.withFlag("--bootstrap", KafkaProperties.BOOTSTRAP.key(), bootstrap);
    }
    if (pool != null) {
      layers = layers.withFlag("--pool", WorkerConfig.POOL_NAME.key(), pool);
    }
    return layers;
  }

  private Configuration configuration(Values values) {
    if (values.origin(KafkaProperties.BOOTSTRAP.key()).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "name the Kafka to serve: --bootstrap, or the key kafka.bootstrap");
    }
    WorkerKind.Assignment assigned = WorkerKind.assign(models, Configuration.of(values));
    for (WorkerKind kind : assigned.kinds()) {
      if (!kind.name().equals(Objects.requireNonNull(role).name())) {
        throw new IllegalArgumentException(
            "--model: %s holds a model for 'serve %s'"
                .formatted(models, kind.name().toLowerCase(Locale.ROOT)));
      }
    }
    return assigned.configuration();
  }

  private int router(
      ServiceConfig where,
      Configuration configuration,
      PrometheusMeterRegistry meters,
      @Nullable StatusServer page)
      throws InterruptedException, IOException {
    Path folder = ServiceOptions.folder(where, ".local/state/ratatoskr-router");
    CountDownLatch stop = new CountDownLatch(1);
    try (Interruption _ = Interruption.of(stop::countDown, LAST_WORDS);
        Router router =
            new Router(configuration.router().withDeployment(shape.deployment(), folder), meters)) {
      router.start();
      router.awaitRunning(PATIENCE);
      var _ = router.failure().thenRun(stop::countDown);
      int status =
          serve(
              "router",
              configuration.client().bootstrap(),
              () -> health(router, configuration),
              changed -> router.change(changed.router()),
              page,
              stop);
      RouterException failure = router.failure().getNow(null);
      if (failure != null) {
        throw failure;
      }
      return status;
    }
  }

  private static Health health(Router router, Configuration configuration) {
    Map<String, String> states = new LinkedHashMap<>();
    router
        .states()
        .forEach((lane, state) ->
            states.put("router " + lane.topicName(), state.name().toLowerCase(Locale.ROOT)));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("bootstrap", configuration.client().bootstrap());
    facts.putAll(Health.pools(configuration.router().pools(), router.catalog()));
    facts.putAll(Health.circuits(router.health(), System.currentTimeMillis()));
    return new Health(router.state() == Router.State.RUNNING, states, facts);
  }

  private int worker(
      WorkerKind kind,
      Configuration configuration,
      PrometheusMeterRegistry meters,
      @Nullable StatusServer page)
      throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    try (Interruption _ = Interruption.of(stop::countDown, LAST_WORDS);
        PoolWorkers workers = PoolWorkers.start(kind, configuration, meters)) {
      workers.await();
      return serve(
          workers.names(),
          configuration.client().bootstrap(),
          () -> workers.health(configuration.client().bootstrap()),
          changed -> workers.change(changed.worker()),
          page,
          stop);
    }
  }

  private int serve(
      String name,
      String kafka,
      Supplier<Health> health,
      Consumer<Configuration> change,
      @Nullable StatusServer page,
      CountDownLatch stop)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String where = "";
    Reload reload = new Reload(layers(), Values.none(), started, change);
    hangup.runs(reload::run);
    if (page != null) {
      page.tell(health);
      page.reloads(reload);
      where = ", status on " + page.url();
    }
    out.println(name + " serves " + kafka + where);
    out.println("Ready; Ctrl-C stops.");
    out.flush();
    stop.await();
    return ExitCode.INTERRUPTED;
  }
}
