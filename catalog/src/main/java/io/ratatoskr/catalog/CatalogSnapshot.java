package io.ratatoskr.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The workers that are alive and the models that they have, at one moment. Immutable; every
 * question is a look-up.
 *
 * @param workers the workers by id, those included that gave no sign of life lately
 * @param pools the pools that a worker names, by name
 * @param settled whether the heartbeats have been followed for so long that every worker alive must
 *     have been heard; before that, nobody can be said to be gone
 */
public record CatalogSnapshot(
    Map<String, Worker> workers, Map<String, Pool> pools, boolean settled) {

  /** The snapshot before anything is known. */
  public static final CatalogSnapshot UNKNOWN = new CatalogSnapshot(Map.of(), Map.of(), false);

  /** Keeps copies. */
  public CatalogSnapshot {
    workers = Map.copyOf(workers);
    pools = Map.copyOf(pools);
  }

  /** The snapshot of these workers. */
  static CatalogSnapshot of(Collection<Worker> workers, boolean settled) {
    Map<String, Worker> byId = new HashMap<>();
    Map<String, List<Worker>> byPool = new HashMap<>();
    for (Worker worker : workers) {
      byId.put(worker.id(), worker);
      byPool.computeIfAbsent(worker.pool(), pool -> new ArrayList<>()).add(worker);
    }
    Map<String, Pool> pools = new HashMap<>();
    byPool.forEach((pool, members) -> pools.put(pool, Pool.of(members)));
    return new CatalogSnapshot(byId, pools, settled);
  }

  /** The workers of a pool; {@link Pool#UNKNOWN} where none has ever been heard of. */
  public Pool pool(String name) {
    return pools.getOrDefault(name, Pool.UNKNOWN);
  }

  /** Whether that worker has given a sign of life lately. */
  public boolean isAlive(String worker) {
    Worker known = workers.get(worker);
    return known != null && known.alive();
  }

  /** Whether that worker has given no sign of life lately; false where that is not known. */
  public boolean isGone(String worker) {
    return settled && !isAlive(worker);
  }

  /** Whether a model can be used. */
  public enum State {
    /** It answers. */
    READY,
    /** It will answer. */
    LOADING,
    /** It never will. */
    UNAVAILABLE
  }

  /**
   * A model of a worker.
   *
   * @param reason why it is unavailable, where it is and a reason was given
   * @param space the space of its vectors; empty where it makes none or has not loaded
   */
  public record Model(String id, State state, Optional<String> reason, String space) {}

  /**
   * A worker.
   *
   * @param alive whether it gave a sign of life within the last {@link Heartbeats#ALIVE_MS} ms
   * @param pool the pool whose work it takes
   * @param models the models that it serves, as it last said
   * @param startedMs when it started, in epoch milliseconds of its own clock
   * @param version of its software
   */
  public record Worker(
      String id,
      String pool,
      boolean alive,
      Set<String> capabilities,
      List<Model> models,
      long startedMs,
      String version) {
    /** Keeps copies. */
    public Worker {
      capabilities = Set.copyOf(capabilities);
      models = List.copyOf(models);
    }
  }

  /**
   * A pool of workers.
   *
   * @param alive how many of them are alive
   * @param models models that they name, dead or alive, in whatever state
   * @param ready models that a worker alive has ready
   * @param unavailable models that every worker alive that names them cannot use, and why
   * @param spaces the space of a model's vectors, where its workers say one and agree: those alive,
   *     or the others where none is
   */
  public record Pool(
      int alive,
      Set<String> models,
      Set<String> ready,
      Map<String, String> unavailable,
      Map<String, String> spaces) {
    /** Keeps copies. */
    public Pool {
      models = Set.copyOf(models);
      ready = Set.copyOf(ready);
      unavailable = Map.copyOf(unavailable);
      spaces = Map.copyOf(spaces);
    }

    /** A pool whose models make no vectors. */
    public Pool(int alive, Set<String> models, Set<String> ready, Map<String, String> unavailable) {
      this(alive, models, ready, unavailable, Map.of());
    }

    /** No worker of it has ever been heard of. */
    public static final Pool UNKNOWN = new Pool(0, Set.of(), Set.of(), Map.of());

    /** One line for people, such as {@code 2 workers alive; ready: a, b; not ready: c}. */
    public String summary() {
      StringBuilder line = new StringBuilder();
      line.append(alive).append(alive == 1 ? " worker alive" : " workers alive");
      Set<String> others = new TreeSet<>(models);
      others.removeAll(ready);
      others.removeAll(unavailable.keySet());
      append(line, "ready", new TreeSet<>(ready));
      append(line, "not ready", others);
      new TreeMap<>(unavailable)
          .forEach((model, reason) ->
              line.append("; unavailable: ").append(model).append(" (").append(reason).append(")"));
      return line.toString();
    }

    private static void append(StringBuilder line, String what, Set<String> names) {
      if (!names.isEmpty()) {
        line.append("; ").append(what).append(": ").append(String.join(", ", names));
      }
    }

    private static Pool of(List<Worker> members) {
      int alive = 0;
      Set<String> models = new HashSet<>();
      Set<String> ready = new HashSet<>();
      Set<String> loading = new HashSet<>();
      Map<String, String> unavailable = new HashMap<>();
      for (Worker worker : members) {
        worker.models().forEach(model -> models.add(model.id()));
        if (!worker.alive()) {
          continue;
        }
        alive++;
        for (Model model : worker.models()) {
          switch (model.state()) {
            case READY -> ready.add(model.id());
            case LOADING -> loading.add(model.id());
            case UNAVAILABLE ->
                unavailable.put(model.id(), model.reason().orElse("no reason given"));
          }
        }
      }
      unavailable.keySet().removeAll(ready);
      unavailable.keySet().removeAll(loading);
      Map<String, String> spaces = new HashMap<>(spaces(members, false));
      spaces.putAll(spaces(members, true));
      spaces.values().removeIf(String::isEmpty);
      return new Pool(alive, models, ready, unavailable, spaces);
    }

    /** The space of each model that one of them says; empty where they differ. */
    private static Map<String, String> spaces(List<Worker> members, boolean alive) {
      Map<String, String> spaces = new HashMap<>();
      members.stream()
          .filter(worker -> worker.alive() == alive)
          .flatMap(worker -> worker.models().stream())
          .filter(model -> !model.space().isEmpty())
          .forEach(model ->
              spaces.merge(model.id(), model.space(), (one, two) -> one.equals(two) ? one : ""));
      return spaces;
    }
  }
}
