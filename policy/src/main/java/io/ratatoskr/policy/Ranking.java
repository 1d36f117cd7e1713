package io.ratatoskr.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.policy.preset.CostTier;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The order of a request's options.
 *
 * @param world what is known
 * @param roster what its catalog says of models
 * @param strategy what decides among equals
 * @param primary who comes first among them
 * @param data where the data may go
 */
record Ranking(
    World world, Roster roster, Strategy strategy, Optional<Target> primary, DataPolicy data) {

  /** Scores that differ by less are equal. */
  private static final double SCORE_STEP = 0.05;

  /** A price of a million tokens in and as many out that few models reach, in US dollars. */
  private static final double MOST_DOLLARS = 100;

  /** The options, the first to be asked first. */
  List<Option> sorted(List<Option> options) {
    return options.stream().sorted(rank().thenComparing(amongEquals())).toList();
  }

  /** What sets options apart whatever the strategy is. */
  private Comparator<Option> rank() {
    Comparator<Option> rank =
        Comparator.<Option, Option.Prospect>comparing(option -> option.prospect(world))
            .thenComparingInt(Option::group);
    if (data == DataPolicy.PREFER_LOCAL) {
      rank = rank.thenComparing(option -> option.pool().location());
    }
    return rank.thenComparing(option -> option.standing().circuit() == Circuit.DEGRADED)
        .thenComparingLong(option -> -Math.round(option.score() / SCORE_STEP));
  }

  private Comparator<Option> amongEquals() {
    Comparator<Option> order = Comparator.comparing(option -> !isPrimary(option));
    order =
        switch (strategy) {
          case PRIORITY, LOAD_BALANCED -> order;
          case COST -> Comparator.comparingDouble(this::price).thenComparing(order);
          case LATENCY -> Comparator.comparingDouble(Ranking::latency).thenComparing(order);
        };
    return order
        .thenComparing(option -> !option.workers().ready().contains(option.model()))
        .thenComparing(Comparator.comparingDouble((Option option) -> -option.score()))
        .thenComparingInt(option -> option.profile().licence());
  }

  private boolean isPrimary(Option option) {
    return primary
        .filter(target ->
            target.pool().isPresent()
                ? target.pool().get().equals(option.pool().name())
                    && target.name().equals(option.model())
                : target.name().equals(option.pool().name())
                    || target.name().equals(option.model()))
        .isPresent();
  }

  /** Of a million tokens in and as many out; a model on own machines costs nothing. */
  private double price(Option option) {
    return roster
        .offer(option.pool().name(), option.model())
        .price()
        .map(price -> price.prompt() + price.completion())
        .orElseGet(() ->
            option.pool().location() == Location.LOCAL
                ? 0
                : option
                    .profile()
                    .cost()
                    .map(tier -> MOST_DOLLARS * dearness(tier))
                    .orElse(Double.MAX_VALUE));
  }

  /** From 0 of the cheapest to 1 of the dearest. */
  private static double dearness(CostTier tier) {
    return switch (tier) {
      case FREE -> 0;
      case LOW -> 0.25;
      case MEDIUM -> 0.5;
      case HIGH -> 0.75;
      case ENTERPRISE -> 1;
    };
  }

  private static double latency(Option option) {
    double first = option.standing().firstTokenMs();
    double whole = first > 0 ? first : option.standing().executionMs();
    return whole > 0 ? whole : Double.MAX_VALUE;
  }

  /**
   * The options with the one in front, of those as good as the first, that the key falls to: each
   * key to one of them, whoever asks, and to the same one as long as that is there (rendezvous
   * hashing: D. Thaler, C. Ravishankar, Using Name-Based Mappings to Increase Hit Rates, 1998).
   */
  List<Option> inFavourOf(String key, List<Option> sorted) {
    Comparator<Option> rank = rank();
    Option favourite =
        sorted.stream()
            .filter(option -> rank.compare(option, sorted.getFirst()) == 0)
            .max(Comparator.comparingLong(option -> weight(key, option)))
            .orElseThrow();
    List<Option> order = new ArrayList<>(sorted);
    order.remove(favourite);
    order.addFirst(favourite);
    return order;
  }

  /**
   * Those whose vectors compare with those of the first one that tells the space of its own,
   * whether it can be asked now or not: a caller's vectors must not change with who is alive. Where
   * none tells it, the first alone.
   */
  List<Option> ofOneSpace(List<Option> options) {
    return options.stream()
        .map(Option::space)
        .filter(Objects::nonNull)
        .findFirst()
        .map(space -> options.stream().filter(option -> space.equals(option.space())).toList())
        .orElseGet(() -> sorted(options).stream().limit(1).toList());
  }

  private static long weight(String key, Option option) {
    byte[] name = (key + '\n' + option.pool().name() + '\n' + option.model()).getBytes(UTF_8);
    return UUID.nameUUIDFromBytes(name).getLeastSignificantBits();
  }

  /**
   * How well a model suits a class: from 0 to 1, of its strengths, of how soon its first token
   * comes beside what the class wants, and of its cost.
   */
  double score(Option option, TaskClass task, double firstTokenMs) {
    double affinity = option.profile().affinity(task);
    double soon =
        option.standing().firstTokenMs() > 0
            ? Math.min(1, firstTokenMs / option.standing().firstTokenMs())
            : 0.5;
    double cheap =
        option
            .profile()
            .cost()
            .map(tier -> 1 - dearness(tier))
            .orElse(option.pool().location() == Location.LOCAL ? 1 : 0.5);
    return switch (strategy) {
      case PRIORITY, LOAD_BALANCED -> 0.7 * affinity + 0.15 * soon + 0.15 * cheap;
      case COST -> 0.5 * affinity + 0.1 * soon + 0.4 * cheap;
      case LATENCY -> 0.5 * affinity + 0.4 * soon + 0.1 * cheap;
    };
  }
}
