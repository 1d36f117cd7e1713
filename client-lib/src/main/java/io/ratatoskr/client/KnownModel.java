package io.ratatoskr.client;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model that can be asked, as one pool has it.
 *
 * @param id the name that requests use
 * @param capabilities what it can be asked for
 * @param pool the pool of workers that have it
 * @param location whether it runs on this deployment's machines or outside
 * @param state whether it answers now
 * @param reason why it is unavailable, where it is and a reason was given
 * @param maxTokens longest input in tokens, of a language model with its answer; 0 where unknown
 * @param dimensions length of its vectors; 0 where it makes none, or unknown
 * @param price its price, where the configuration says one
 * @param workers workers alive that have it; 0 where no pipeline was looked at
 */
public record KnownModel(
    String id,
    Set<Capability> capabilities,
    String pool,
    Location location,
    State state,
    Optional<String> reason,
    int maxTokens,
    int dimensions,
    Optional<Price> price,
    int workers) {

  /** Whether a model answers. */
  public enum State {
    /** A worker has it ready. */
    READY,
    /** A worker loads it. */
    LOADING,
    /** It is configured or on disk; nobody was asked about it. */
    KNOWN,
    /** No worker that names it can use it. */
    UNAVAILABLE
  }

  /** Keeps a copy. */
  public KnownModel {
    capabilities = Set.copyOf(capabilities);
  }

  /** A model of which a configuration tells, and no worker. */
  public static KnownModel configured(
      String id, Set<Capability> capabilities, String pool, Location location) {
    return new KnownModel(
        id, capabilities, pool, location, State.KNOWN, Optional.empty(), 0, 0, Optional.empty(), 0);
  }

  private record Key(String model, String pool) {}

  private record Member(Worker worker, CatalogSnapshot.Model model) {
    Set<String> capabilities() {
      return model.capabilities().isEmpty() ? worker.capabilities() : model.capabilities();
    }
  }

  /** The models of the workers that are alive, by name and pool. */
  static List<KnownModel> of(CatalogSnapshot catalog) {
    Map<Key, List<Member>> members =
        new TreeMap<>(Comparator.comparing(Key::model).thenComparing(Key::pool));
    for (Worker worker : catalog.workers().values()) {
      if (worker.alive()) {
        for (CatalogSnapshot.Model model : worker.models()) {
          members
              .computeIfAbsent(new Key(model.id(), worker.pool()), key -> new ArrayList<>())
              .add(new Member(worker, model));
        }
      }
    }
    List<KnownModel> models = new ArrayList<>();
    members.forEach((key, same) -> models.add(of(key, same)));
    return models;
  }

  private static KnownModel of(Key key, List<Member> members) {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (Member member : members) {
      member.capabilities().stream()
          .flatMap(name -> Capability.ofTopicName(name).stream())
          .forEach(capabilities::add);
    }
    // The one that is ready tells most.
    CatalogSnapshot.Model best =
        members.stream()
            .map(Member::model)
            .min(Comparator.comparing(model -> state(model.state())))
            .orElseThrow();
    return new KnownModel(
        key.model(),
        capabilities,
        key.pool(),
        best.location(),
        state(best.state()),
        best.reason(),
        best.maxTokens(),
        best.dimensions(),
        best.price(),
        members.size());
  }

  private static State state(CatalogSnapshot.State state) {
    return switch (state) {
      case READY -> State.READY;
      case LOADING -> State.LOADING;
      case UNAVAILABLE -> State.UNAVAILABLE;
    };
  }
}
