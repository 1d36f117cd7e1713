package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.policy.preset.CostTier;
import io.ratatoskr.policy.preset.PresetCriteria;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.WorkerPool;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pool and a model of it that could answer a request.
 *
 * @param workers what is known of the pool's workers
 * @param standing how they did lately
 * @param reason why it is an option, for people
 * @param score by which models are compared, 0 to 1; negative where the request names the model
 * @param group place in the order of wishes: 0 for what is asked for, then those in its place
 */
record Option(
    WorkerPool pool,
    String model,
    CatalogSnapshot.Pool workers,
    Standing standing,
    ModelProfile profile,
    String reason,
    double score,
    int group) {

  /** The score of a model that the request or the policy names. */
  static final double NAMED = -1;

  /** What can be expected of an option, the best first. */
  enum Prospect {
    /** A worker that is alive has the model, or loads it. */
    SERVES,
    /** One is alive, and none says which models it has. */
    ALIVE,
    /** It wants to be left alone for a while. */
    BLOCKED,
    /** Those that had the model are gone. */
    GONE,
    /** Nobody has ever been heard of. */
    UNKNOWN
  }

  Prospect prospect(World world) {
    if (workers.alive() == 0) {
      return workers.models().contains(model) ? Prospect.GONE : Prospect.UNKNOWN;
    }
    if (isBlocked(world)) {
      return Prospect.BLOCKED;
    }
    return workers.models().contains(model) ? Prospect.SERVES : Prospect.ALIVE;
  }

  boolean isBlocked(World world) {
    return switch (standing.circuit()) {
      case CLOSED, DEGRADED, OPEN -> standing.askableMs() > world.nowMs();
      case HALF_OPEN ->
          standing.notBeforeMs() > world.nowMs() || !world.mayProbe().test(pool.name(), model);
    };
  }

  /** When it may be asked, where it wants to be left alone, in epoch milliseconds. */
  long askableMs(World world) {
    return standing.looksAgainMs(world.nowMs());
  }

  /** Until when its prospect stays what it is now, in epoch milliseconds. */
  long changesMs(World world) {
    if (standing.circuit() == Circuit.HALF_OPEN) {
      return world.nowMs(); // a permit is for one request
    }
    return standing.askableMs() > world.nowMs() ? standing.askableMs() : Long.MAX_VALUE;
  }

  /** With the score of its model for a class that wants its first token in that time. */
  Option scored(Ranking ranking, TaskClass task, double firstTokenMs) {
    double points = ranking.score(this, task, firstTokenMs);
    return new Option(
        pool,
        model,
        workers,
        standing,
        profile,
        String.format(Locale.ROOT, "%s, score %.2f", reason, points),
        points,
        group);
  }

  /**
   * Whether it is what a preset asks for. Where nobody says what a model costs, that is nothing on
   * own machines, and what usual models cost elsewhere.
   */
  boolean fits(PresetCriteria criteria) {
    CostTier cost =
        profile.cost().orElse(pool.location() == Location.LOCAL ? CostTier.FREE : CostTier.MEDIUM);
    return criteria.admits(cost, profile.tools() != ModelProfile.Ability.NO);
  }

  boolean isSame(Option other) {
    return pool.name().equals(other.pool.name()) && model.equals(other.model);
  }

  /** The space of its vectors; null where nobody says it. */
  @Nullable String space() {
    return workers.spaces().get(model);
  }

  /** Why it is one, and what is known of it, for people. */
  String verdict(World world) {
    String state =
        switch (prospect(world)) {
          case SERVES -> workers.ready().contains(model) ? "ready" : "loading";
          case ALIVE -> "alive, and takes any model";
          case BLOCKED -> "circuit " + circuit() + ", left alone for now";
          case GONE -> "its workers are gone";
          case UNKNOWN -> "no worker was heard of";
        };
    return "%s; %s".formatted(reason, state);
  }

  private String circuit() {
    return standing.circuit().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** It as a candidate for what is wanted. */
  PoolCandidate candidate(int attempts, Duration queueLimit, Wanted wanted) {
    return new PoolCandidate(
        pool.name(),
        model,
        attempts,
        queueLimit.toMillis(),
        pool.budget().toMillis(),
        reason,
        wanted.defaults(),
        wanted.replacedBy(this));
  }
}
