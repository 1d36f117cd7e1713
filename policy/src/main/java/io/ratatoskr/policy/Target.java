package io.ratatoskr.policy;

import java.util.Optional;

/**
 * Whom a line of the policy names: {@code model@pool}, or a name that is a pool's where there is a
 * pool of that name, and else a model's.
 *
 * @param name the model, or a pool where {@code pool} is empty and one has that name
 * @param pool the pool behind the {@code @}
 */
public record Target(String name, Optional<String> pool) {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if a part is empty
   */
  public static Target parse(String text) {
    String stripped = text.strip();
    int at = stripped.lastIndexOf('@');
    Target target =
        at < 0
            ? new Target(stripped, Optional.empty())
            : new Target(stripped.substring(0, at), Optional.of(stripped.substring(at + 1)));
    if (target.name.isEmpty() || target.pool.filter(String::isEmpty).isPresent()) {
      throw new IllegalArgumentException(text);
    }
    return target;
  }

  @Override
  public String toString() {
    return pool.map(of -> name + "@" + of).orElse(name);
  }
}
