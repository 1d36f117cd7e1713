package io.ratatoskr.catalog;

import java.util.Optional;

/**
 * A model as one pool serves it: what health is kept of.
 *
 * @param pool name of the pool, without {@code |}
 * @param model id of the model; empty where the pool runs none
 */
public record ModelOfPool(String pool, String model) {
  private static final char SEPARATOR = '|';

  /** Its name as a record's key, such as {@code openai|gpt-4o-mini}. */
  public String key() {
    return pool + SEPARATOR + model;
  }

  /** Takes a record's key apart, if it is one. */
  public static Optional<ModelOfPool> ofKey(String key) {
    int at = key.indexOf(SEPARATOR);
    return at < 1
        ? Optional.empty()
        : Optional.of(new ModelOfPool(key.substring(0, at), key.substring(at + 1)));
  }
}
