package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.policy.name.ModelServers;
import io.ratatoskr.policy.name.ProviderFamily;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.chat.Price;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a catalog says that is asked for again and again: which pools there are, those included that
 * nobody configured and workers announce, and what is known of their models.
 *
 * @param catalog the snapshot that it was made of
 * @param serving the pools that serve a capability, those that are configured first
 * @param offers what workers say of a model of a pool
 * @param servers the same, as names of models are read by it
 */
record Roster(
    CatalogSnapshot catalog,
    Map<Capability, List<WorkerPool>> serving,
    Map<ModelOfPool, Offered> offers,
    ModelServers servers) {

  /**
   * A model, as the workers of a pool describe it.
   *
   * @param maxTokens longest input with its answer; 0 while unknown
   */
  record Offered(int maxTokens, Optional<Price> price) {
    static final Offered UNKNOWN = new Offered(0, Optional.empty());
  }

  static Roster of(CatalogSnapshot catalog, Pools configured, PolicyLimits limits) {
    List<WorkerPool> pools = new ArrayList<>(configured.all());
    Set<String> known = pools.stream().map(WorkerPool::name).collect(Collectors.toSet());
    Map<String, List<CatalogSnapshot.Worker>> announced = new TreeMap<>();
    Map<ModelOfPool, Offered> offers = new HashMap<>();
    Map<String, String> makers = new HashMap<>();
    for (CatalogSnapshot.Worker worker : catalog.workers().values()) {
      if (!known.contains(worker.pool()) && WorkerPool.isName(worker.pool())) {
        announced.computeIfAbsent(worker.pool(), pool -> new ArrayList<>()).add(worker);
      }
      if (!worker.maker().isEmpty()) {
        // Where workers differ, all routers decide alike.
        makers.merge(
            worker.pool(), worker.maker(), (one, two) -> one.compareTo(two) < 0 ? one : two);
      }
      for (CatalogSnapshot.Model model : worker.models()) {
        offers.merge(
            new ModelOfPool(worker.pool(), model.id()),
            new Offered(model.maxTokens(), model.price()),
            Roster::either);
      }
    }
    announced.forEach((name, workers) -> announced(name, workers, limits).ifPresent(pools::add));
    Map<Capability, List<WorkerPool>> serving = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      serving.put(
          capability,
          pools.stream().filter(pool -> pool.capabilities().contains(capability)).toList());
    }
    Map<String, ProviderFamily> families = new LinkedHashMap<>();
    pools.forEach(pool ->
        families.put(pool.name(), ProviderFamily.of(pool, makers.getOrDefault(pool.name(), ""))));
    return new Roster(catalog, serving, offers, ModelServers.of(families, catalog));
  }

  private static Offered either(Offered one, Offered two) {
    return new Offered(
        one.maxTokens == 0 || two.maxTokens == 0
            ? one.maxTokens + two.maxTokens
            : Math.min(one.maxTokens, two.maxTokens),
        one.price.or(two::price));
  }

  /** The pool that workers belong to without anybody having configured it. */
  private static Optional<WorkerPool> announced(
      String name, List<CatalogSnapshot.Worker> workers, PolicyLimits limits) {
    Set<Capability> capabilities = new HashSet<>();
    boolean remote = false;
    for (CatalogSnapshot.Worker worker : workers) {
      worker.capabilities().forEach(of -> Capability.ofTopicName(of).ifPresent(capabilities::add));
      remote |= worker.models().stream().anyMatch(model -> model.location() == Location.REMOTE);
    }
    boolean chats = capabilities.stream().anyMatch(Capability::streams);
    Duration budget = chats ? limits.claimedBudget() : limits.sharedBudget();
    return capabilities.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new WorkerPool(
                name,
                capabilities,
                chats ? WorkerPool.Taking.CLAIMED : WorkerPool.Taking.SHARED,
                budget,
                remote ? Location.REMOTE : Location.LOCAL));
  }

  Offered offer(String pool, String model) {
    return offers.getOrDefault(new ModelOfPool(pool, model), Offered.UNKNOWN);
  }
}
