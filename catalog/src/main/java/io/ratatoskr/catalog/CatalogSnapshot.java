package io.ratatoskr.catalog;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
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
import java.util.function.Function;

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
  public static CatalogSnapshot of(Collection<Worker> workers, boolean settled) {
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
   * @param revision of its content; empty while unknown
   * @param capabilities what it can be asked for; empty for all that its worker serves
   * @param dimensions length of its vectors; 0 where it makes none or has not loaded
   * @param maxTokens longest input in tokens, of a language model with its answer; 0 while unknown
   * @param location where it runs
   * @param price its price, where the worker's configuration says one
   */
  public record Model(
      String id,
      State state,
      Optional<String> reason,
      String space,
      String revision,
      Set<String> capabilities,
      int dimensions,
      int maxTokens,
      Location location,
      Optional<Price> price) {
    /** Keeps a copy. */
    public Model {
      capabilities = Set.copyOf(capabilities);
    }
  }

  /**
   * A worker.
   *
   * @param alive whether it gave a sign of life within the last {@link Heartbeats#ALIVE_MS} ms
   * @param pool the pool whose work it takes
   * @param anyModel the capabilities for which it takes whatever model is named
   * @param models the models that it serves, as it last said
   * @param maker whose models it serves, where they are a provider's; empty where it does not say
   * @param queues the work topics that it takes from beside its pool's own
   * @param startedMs when it started, in epoch milliseconds of its own clock
   * @param version of its software
   */
  public record Worker(
      String id,
      String pool,
      boolean alive,
      Set<String> capabilities,
      Set<String> anyModel,
      List<Model> models,
      String maker,
      Set<String> queues,
      long startedMs,
      String version) {
    /** Keeps copies. */
    public Worker {
      queues = Set.copyOf(queues);
      capabilities = Set.copyOf(capabilities);
      anyModel = Set.copyOf(anyModel);
      models = List.copyOf(models);
    }

    /** A worker that takes from its pool's own queue alone, and says nothing of a maker. */
    public Worker(
        String id,
        String pool,
        boolean alive,
        Set<String> capabilities,
        Set<String> anyModel,
        List<Model> models,
        long startedMs,
        String version) {
      this(id, pool, alive, capabilities, anyModel, models, "", Set.of(), startedMs, version);
    }

    /** What that model of it can be asked for. */
    private Set<String> capabilities(Model model) {
      return model.capabilities().isEmpty() ? capabilities : model.capabilities();
    }
  }

  /**
   * What a pool's models can be asked for.
   *
   * @param byModel the capabilities of each model that a worker names
   * @param anyModel the capabilities for which whatever model is taken: a worker says so, and none
   *     names a model for them
   */
  public record Offer(Map<String, Set<String>> byModel, Set<String> anyModel) {
    /** Keeps copies. */
    public Offer {
      byModel = Map.copyOf(byModel);
      anyModel = Set.copyOf(anyModel);
    }

    /** Those models for everything; where there are none, any model. */
    private static Offer ofEverything(Set<String> models) {
      Set<String> all = new HashSet<>();
      for (Capability capability : Capability.values()) {
        all.add(capability.topicName());
      }
      Map<String, Set<String>> byModel = new HashMap<>();
      models.forEach(model -> byModel.put(model, all));
      return new Offer(byModel, models.isEmpty() ? all : Set.of());
    }

    private static Offer of(List<Worker> members) {
      Map<String, Set<String>> byModel = new HashMap<>();
      Set<String> anyModel = new HashSet<>();
      for (Worker worker : members) {
        anyModel.addAll(worker.anyModel());
        for (Model model : worker.models()) {
          byModel
              .computeIfAbsent(model.id(), id -> new HashSet<>())
              .addAll(worker.capabilities(model));
        }
      }
      byModel.values().forEach(anyModel::removeAll);
      return new Offer(byModel, anyModel);
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
   * @param revisions the revision of a model's content, in the same way
   * @param offer what its models can be asked for
   * @param queues the work topics that a worker alive takes from beside the pool's own
   */
  public record Pool(
      int alive,
      Set<String> models,
      Set<String> ready,
      Map<String, String> unavailable,
      Map<String, String> spaces,
      Map<String, String> revisions,
      Offer offer,
      Set<String> queues) {
    /** Keeps copies. */
    public Pool {
      models = Set.copyOf(models);
      ready = Set.copyOf(ready);
      unavailable = Map.copyOf(unavailable);
      spaces = Map.copyOf(spaces);
      revisions = Map.copyOf(revisions);
      queues = Set.copyOf(queues);
    }

    /** A pool whose models can be asked for everything, and any model where it has none. */
    public Pool(
        int alive,
        Set<String> models,
        Set<String> ready,
        Map<String, String> unavailable,
        Map<String, String> spaces) {
      this(
          alive,
          models,
          ready,
          unavailable,
          spaces,
          Map.of(),
          Offer.ofEverything(models),
          Set.of());
    }

    /** The same, without vectors. */
    public Pool(int alive, Set<String> models, Set<String> ready, Map<String, String> unavailable) {
      this(alive, models, ready, unavailable, Map.of());
    }

    /** No worker of it has ever been heard of. */
    public static final Pool UNKNOWN = new Pool(0, Set.of(), Set.of(), Map.of());

    /** Whether a request for that may name the model. */
    public boolean takes(String model, Capability capability) {
      Set<String> own = offer.byModel().get(model);
      return (own == null ? offer.anyModel() : own).contains(capability.topicName());
    }

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
      Set<String> queues = new HashSet<>();
      for (Worker worker : members) {
        worker.models().forEach(model -> models.add(model.id()));
        if (!worker.alive()) {
          continue;
        }
        alive++;
        queues.addAll(worker.queues());
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
      return new Pool(
          alive,
          models,
          ready,
          unavailable,
          agreed(members, Model::space),
          agreed(members, Model::revision),
          Offer.of(members),
          queues);
    }

    /** What is said of each model, where those who say it agree: those alive, else the others. */
    private static Map<String, String> agreed(List<Worker> members, Function<Model, String> fact) {
      Map<String, String> agreed = new HashMap<>(said(members, false, fact));
      agreed.putAll(said(members, true, fact));
      agreed.values().removeIf(String::isEmpty);
      return agreed;
    }

    /** What one of them says of each model; empty where they differ. */
    private static Map<String, String> said(
        List<Worker> members, boolean alive, Function<Model, String> fact) {
      Map<String, String> said = new HashMap<>();
      members.stream()
          .filter(worker -> worker.alive() == alive)
          .flatMap(worker -> worker.models().stream())
          .filter(model -> !fact.apply(model).isEmpty())
          .forEach(model ->
              said.merge(model.id(), fact.apply(model), (one, two) -> one.equals(two) ? one : ""));
      return said;
    }
  }
}
