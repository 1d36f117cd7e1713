package io.ratatoskr.allinone;

import io.ratatoskr.catalog.Catalog;
import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.catalog.HealthFollower;
import io.ratatoskr.client.KnownModel;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.policy.RoutingPolicy;
import io.ratatoskr.policy.World;
import io.ratatoskr.router.PolicyTopic;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/**
 * What a router would decide by: its policy, and the world as it is.
 *
 * @param policy who may answer
 * @param world what is known now
 */
public record RoutingView(RoutingPolicy policy, World world) {

  /** The policy of a configuration, in a world in which all that it names is there and well. */
  public static RoutingView ofConfiguration(Configuration configuration) {
    List<KnownModel> models = ConfiguredModels.of(configuration);
    List<Worker> workers =
        configuration.router().pools().all().stream()
            .map(pool ->
                worker(
                    pool,
                    configuration.provider(pool.name()).map(ProviderConfig::maker).orElse(""),
                    models))
            .toList();
    Set<String> topics = new HashSet<>();
    for (WorkerPool pool : configuration.router().pools().all()) {
      for (Lane lane : Lane.values()) {
        topics.add(Topics.work(lane, pool.name()));
      }
    }
    return new RoutingView(
        configuration.router().routing(null), new World(CatalogSnapshot.of(workers, true), topics));
  }

  private static Worker worker(WorkerPool pool, String maker, List<KnownModel> models) {
    List<Model> own =
        models.stream()
            .filter(model -> model.pool().equals(pool.name()))
            .map(model ->
                new Model(
                    model.id(),
                    State.READY,
                    Optional.empty(),
                    "",
                    "",
                    names(model.capabilities()),
                    model.dimensions(),
                    model.maxTokens(),
                    model.location(),
                    model.price()))
            .toList();
    return new Worker(
        "worker " + pool.name(),
        pool.name(),
        true,
        names(pool.capabilities()),
        own.isEmpty() ? names(pool.capabilities()) : Set.of(),
        own,
        maker,
        Set.of(),
        0,
        "");
  }

  private static Set<String> names(Set<Capability> capabilities) {
    return capabilities.stream().map(Capability::topicName).collect(Collectors.toSet());
  }

  /**
   * The policy that holds in a cluster, and its workers and topics now.
   *
   * @param patience longest wait for a broker
   * @throws TimeoutException if the catalog or the topics cannot be read in time
   * @throws ExecutionException if the topics cannot be listed
   */
  public static RoutingView ofCluster(Configuration configuration, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    RouterConfig router = configuration.router();
    Map<String, Object> kafka = new HashMap<>();
    kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, router.bootstrap());
    kafka.putAll(router.kafka().over(kafka));
    Clock clock = Clock.systemUTC();
    SchemaIds ids = SchemaIds.of(router.schemaRegistry());
    PolicyFile applied =
        new PolicyTopic(kafka, patience)
            .read()
            .map(text -> PolicyFile.parse(Topics.policy(), text))
            .orElse(null);
    try (Admin admin = Admin.create(kafka);
        Catalog catalog = new Catalog(kafka, ids, clock);
        HealthFollower health = new HealthFollower(kafka, ids, snapshot -> {})) {
      catalog.start();
      health.start();
      Set<String> topics =
          admin.listTopics().names().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!catalog.awaitCaughtUp(patience) || !health.awaitCaughtUp(patience)) {
        throw new TimeoutException(
            "cannot read %s and %s".formatted(Topics.catalog(), Topics.health()));
      }
      return new RoutingView(
          router.routing(applied),
          new World(catalog.get(), health.get(), topics, clock.millis(), (pool, model) -> true));
    }
  }
}
