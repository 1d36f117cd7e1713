package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the pools that may answer a request, their order and their limits. A pool stays where it
 * serves the capability, has a work topic, lies where the data may go, and may come to have the
 * model: one of its workers names it for that capability and can use it, or takes any model for it,
 * or nobody has ever been heard of.
 */
public final class RoutingPolicy {
  private static final int MOST_CANDIDATES = 4;

  private final Pools configured;
  private final int attempts;
  private final Function<Lane, Duration> queueLimit;

  /**
   * A policy of what the configuration says.
   *
   * @param pools the pools that may be asked
   * @param attempts attempts at one candidate, from 1
   * @param queueLimit longest wait of a lane's requests in a pool's queue
   */
  public RoutingPolicy(Pools pools, int attempts, Function<Lane, Duration> queueLimit) {
    this.configured = pools;
    this.attempts = attempts;
    this.queueLimit = queueLimit;
  }

  /**
   * The candidates of a request, or the reason why there are none.
   *
   * @param chain the candidates, which are fixed in its flight at admission; at most four
   * @param refusal why there are none
   */
  public record Choice(List<PoolCandidate> chain, @Nullable InferenceError refusal) {
    private static Choice refused(InferenceError error) {
      return new Choice(List.of(), error);
    }
  }

  /**
   * The candidates for a request, by what is known now.
   *
   * @param catalog the workers that live, and their models
   * @param exists whether there is a topic of that name
   */
  public Choice choose(
      Capability capability,
      Lane lane,
      RequestHead head,
      CatalogSnapshot catalog,
      Predicate<String> exists) {
    String name = capability.topicName();
    if (!head.preset().isEmpty()) {
      return Choice.refused(
          InferenceError.presetNotFound(
              head.preset(),
              name,
              "there is no preset '%s' for %s, since none is configured; name a model instead"
                  .formatted(head.preset(), name)));
    }
    List<WorkerPool> serving = configured.serving(capability);
    List<WorkerPool> there =
        serving.stream().filter(pool -> exists.test(Topics.work(lane, pool.name()))).toList();
    if (there.isEmpty()) {
      return Choice.refused(
          InferenceError.noProvider(name, "no pool serves " + name + absent(lane, serving)));
    }
    List<WorkerPool> able =
        capability.runsModel() ? able(capability, head.model(), there, catalog) : there;
    if (able.isEmpty()) {
      return Choice.refused(unusable(capability, head.model(), there, catalog));
    }
    List<WorkerPool> allowed =
        able.stream()
            .filter(pool ->
                pool.location() == Location.LOCAL || head.dataPolicy() != DataPolicy.LOCAL_ONLY)
            .toList();
    if (allowed.isEmpty() || onlyOthersServe(head.model(), able, allowed, catalog)) {
      return Choice.refused(
          InferenceError.consentRequired(
              "only %s could answer, and the data would leave this deployment's machines; set %s"
                      .formatted(
                          names(able.stream().filter(pool -> !allowed.contains(pool)).toList()),
                          "data-policy to prefer_local or remote_allowed")
                  + " if they may"));
    }
    return new Choice(chain(capability, lane, head, allowed, catalog), null);
  }

  private static String absent(Lane lane, List<WorkerPool> serving) {
    return serving.isEmpty()
        ? ""
        : serving.stream()
            .map(pool -> Topics.work(lane, pool.name()))
            .collect(Collectors.joining(" is absent, ", ": ", " is absent"));
  }

  private static String names(List<WorkerPool> pools) {
    return pools.stream().map(WorkerPool::name).collect(Collectors.joining(", "));
  }

  /** The pools whose workers can use the model, or have not said yet which they have. */
  private static List<WorkerPool> able(
      Capability capability, String model, List<WorkerPool> pools, CatalogSnapshot catalog) {
    return pools.stream()
        .filter(pool -> {
          CatalogSnapshot.Pool workers = catalog.pool(pool.name());
          return !workers.unavailable().containsKey(model) && workers.takes(model, capability);
        })
        .toList();
  }

  /** Whether nobody was ever heard of in the allowed ones, while another has the model. */
  private static boolean onlyOthersServe(
      String model, List<WorkerPool> able, List<WorkerPool> allowed, CatalogSnapshot catalog) {
    return catalog.settled()
        && allowed.stream().allMatch(pool -> prospect(pool, model, catalog) == Prospect.UNKNOWN)
        && able.stream().anyMatch(pool -> prospect(pool, model, catalog) == Prospect.SERVES);
  }

  private static Prospect prospect(WorkerPool pool, String model, CatalogSnapshot catalog) {
    return Prospect.of(catalog.pool(pool.name()), model);
  }

  /** Why none of the pools can use the model. */
  private static InferenceError unusable(
      Capability capability, String model, List<WorkerPool> pools, CatalogSnapshot catalog) {
    Set<String> known = new TreeSet<>();
    String reason = null;
    boolean named = false;
    for (WorkerPool pool : pools) {
      CatalogSnapshot.Pool workers = catalog.pool(pool.name());
      named |= workers.models().contains(model);
      workers.models().stream()
          .filter(other -> workers.takes(other, capability))
          .forEach(known::add);
      if (workers.takes(model, capability)) {
        reason = workers.unavailable().getOrDefault(model, reason);
      }
    }
    return reason != null
        ? InferenceError.modelNotAvailable(model, "no worker can use '" + model + "': " + reason)
        : InferenceError.modelNotFound(
            model,
            "no worker knows '%s'%s; there are %s"
                .formatted(
                    model,
                    named ? " for " + capability.topicName() : "",
                    known.isEmpty() ? "none" : String.join(", ", known)));
  }

  /**
   * Pools in the order of what can be expected of their workers, and among equals in that of the
   * configuration, but local ones first where that is preferred, and those that are ready.
   */
  private List<PoolCandidate> chain(
      Capability capability,
      Lane lane,
      RequestHead head,
      List<WorkerPool> pools,
      CatalogSnapshot catalog) {
    String model = head.model();
    Comparator<WorkerPool> order = Comparator.comparing(pool -> prospect(pool, model, catalog));
    if (head.dataPolicy() == DataPolicy.PREFER_LOCAL) {
      order = order.thenComparing(WorkerPool::location);
    }
    order = order.thenComparing(pool -> !catalog.pool(pool.name()).ready().contains(model));
    List<WorkerPool> comparable =
        capability == Capability.EMBED ? ofOneSpace(model, pools, order, catalog) : pools;
    return comparable.stream()
        .sorted(order)
        .limit(MOST_CANDIDATES)
        .map(pool ->
            new PoolCandidate(
                pool.name(),
                model,
                attempts,
                queueLimit.apply(lane).toMillis(),
                pool.budget().toMillis()))
        .toList();
  }

  /**
   * Those whose vectors compare with those of the first pool of the configuration that tells the
   * space of its own, whether it can be asked now or not: a caller's vectors must not change with
   * who is alive. Where none tells it, the first alone.
   */
  private static List<WorkerPool> ofOneSpace(
      String model, List<WorkerPool> pools, Comparator<WorkerPool> order, CatalogSnapshot catalog) {
    return pools.stream()
        .map(pool -> catalog.pool(pool.name()).spaces().get(model))
        .filter(Objects::nonNull)
        .findFirst()
        .map(space ->
            pools.stream()
                .filter(pool -> space.equals(catalog.pool(pool.name()).spaces().get(model)))
                .toList())
        .orElseGet(() -> pools.stream().sorted(order).limit(1).toList());
  }

  /** The prospects of a pool to answer, the best first. */
  private enum Prospect {
    /** One that is alive has the model, or loads it. */
    SERVES,
    /** One is alive, and none says which models it has. */
    ALIVE,
    /** Those that had the model are gone. */
    GONE,
    /** Nobody has ever been heard of. */
    UNKNOWN;

    static Prospect of(CatalogSnapshot.Pool pool, String model) {
      if (pool.models().contains(model)) {
        return pool.alive() > 0 ? SERVES : GONE;
      }
      return pool.alive() > 0 ? ALIVE : UNKNOWN;
    }
  }
}
