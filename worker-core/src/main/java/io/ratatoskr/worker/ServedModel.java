package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that a worker serves, as the catalog shows it.
 *
 * @param id the name that requests use
 * @param readiness whether it can be used now
 * @param reasonOrNull why it is unavailable
 * @param revision revision of its content; empty while unknown
 * @param spaceId vector space of an embedding model; empty otherwise
 * @param dimensions length of its vectors; 0 where it makes none
 * @param maxTokens longest input in tokens, of a language model with its answer; 0 while unknown
 * @param capabilities what it can be asked for; empty for all that its worker serves
 * @param location where it runs
 * @param priceOrNull its price, where the configuration says one
 */
public record ServedModel(
    String id,
    Readiness readiness,
    @Nullable String reasonOrNull,
    String revision,
    String spaceId,
    int dimensions,
    int maxTokens,
    Set<Capability> capabilities,
    Location location,
    @Nullable Price priceOrNull) {

  public ServedModel {
    capabilities = Set.copyOf(capabilities);
  }

  /** Whether a model can be used. */
  public enum Readiness {
    UNAVAILABLE,
    LOADING,
    READY
  }

  /** A model that runs here, costs nothing, and can be asked for all that its worker serves. */
  public ServedModel(
      String id,
      Readiness readiness,
      @Nullable String reasonOrNull,
      String revision,
      String spaceId,
      int dimensions,
      int maxTokens) {
    this(
        id,
        readiness,
        reasonOrNull,
        revision,
        spaceId,
        dimensions,
        maxTokens,
        Set.of(),
        Location.LOCAL,
        null);
  }

  /** This model as a provider offers it. */
  public ServedModel offered(Location where, @Nullable Price price) {
    return with(capabilities, where, price);
  }

  /** A model on its way into memory. */
  public static ServedModel loading(String id) {
    return new ServedModel(id, Readiness.LOADING, null, "", "", 0, 0);
  }

  /** A model that cannot be used here, and why. */
  public static ServedModel unavailable(String id, String reason) {
    return new ServedModel(id, Readiness.UNAVAILABLE, reason, "", "", 0, 0);
  }

  /** The same model, for those capabilities alone. */
  public ServedModel servingOnly(Set<Capability> newCapabilities) {
    return with(newCapabilities, location, priceOrNull);
  }

  private ServedModel with(
      Set<Capability> newCapabilities, Location newLocation, @Nullable Price newPrice) {
    return new ServedModel(
        id,
        readiness,
        reasonOrNull,
        revision,
        spaceId,
        dimensions,
        maxTokens,
        newCapabilities,
        newLocation,
        newPrice);
  }

  boolean ready() {
    return readiness == Readiness.READY;
  }
}
