package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.Price;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model that a provider serves.
 *
 * @param id the provider's name of it
 * @param context most tokens of prompt and answer; positive; absent where the provider decides
 * @param price its price, where the configuration gives one
 * @param judges whether it may be asked by a prompt for what other models are made for
 */
public record ProviderModel(String id, OptionalInt context, Optional<Price> price, boolean judges) {
  public ProviderModel {
    if (id.isBlank()) {
      throw new IllegalArgumentException("models.id: is empty");
    }
    if (context.isPresent() && context.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "models.context: must be positive for '" + id + "', is " + context.getAsInt());
    }
  }

  /** A model of which nothing but its name is known. */
  public static ProviderModel of(String id) {
    return new ProviderModel(id, OptionalInt.empty(), Optional.empty(), false);
  }
}
