package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.settings.InvalidSettingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refuses fallbacks whose vectors are of another space: they would never be asked, since a chain
 * has vectors of one space alone. Of whom no worker tells a space nothing is said.
 *
 * @param catalog the workers that are known
 */
record FallbackSpaces(CatalogSnapshot catalog) {

  /** Someone that a line names, and the spaces that may be meant; none where nothing is known. */
  private record Named(String name, Set<String> spaces) {
    boolean mayShareWith(Named other) {
      return spaces.isEmpty()
          || other.spaces.isEmpty()
          || !Collections.disjoint(spaces, other.spaces);
    }
  }

  /**
   * Looks at the fallbacks of models, and of {@code embed} beside its primary.
   *
   * @throws InvalidSettingException naming the key, and both
   */
  void check(RoutingRules rules) {
    rules
        .fallbacks()
        .forEach((of, targets) -> {
          List<Named> chain = new ArrayList<>();
          if (of.equals(Capability.EMBED.topicName())) {
            rules.primary(Capability.EMBED).ifPresent(first -> chain.add(named(first)));
          } else if (ofModel(of).isEmpty()) {
            return; // of what makes no vectors, as far as is known
          } else {
            chain.add(new Named(of, ofModel(of)));
          }
          targets.forEach(target -> chain.add(named(target)));
          check(RoutingRules.FALLBACKS.key() + "." + of, chain);
        });
  }

  private static void check(String key, List<Named> chain) {
    Named first = chain.getFirst();
    for (Named later : chain) {
      if (!first.mayShareWith(later)) {
        throw new InvalidSettingException(
            key,
            "vectors of '%s' are of space %s, and those of '%s' of %s; one cannot stand for the other"
                .formatted(first.name(), text(first), later.name(), text(later)));
      }
    }
  }

  private static String text(Named named) {
    return String.join(" or ", named.spaces().stream().sorted().toList());
  }

  private Named named(Target target) {
    if (target.pool().isPresent()) {
      String space = pool(target.pool().get()).get(target.name());
      return new Named(target.toString(), space == null ? Set.of() : Set.of(space));
    }
    Collection<String> ofPool = pool(target.name()).values();
    return new Named(
        target.toString(), ofPool.isEmpty() ? ofModel(target.name()) : Set.copyOf(ofPool));
  }

  private Map<String, String> pool(String name) {
    return catalog.pool(name).spaces();
  }

  private Set<String> ofModel(String model) {
    Set<String> spaces = new HashSet<>();
    for (CatalogSnapshot.Pool pool : catalog.pools().values()) {
      String space = pool.spaces().get(model);
      if (space != null) {
        spaces.add(space);
      }
    }
    return spaces;
  }
}
