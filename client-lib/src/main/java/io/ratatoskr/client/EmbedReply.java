package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;

/**
 * The answer to an {@link EmbedRequest}.
 *
 * @param model model that answered
 * @param spaceId vector space; vectors of different spaces do not compare
 * @param dimensions length of every vector
 * @param items one outcome per text, in the order of the request
 * @param provenance who answered
 */
public record EmbedReply(
    String model, String spaceId, int dimensions, List<ItemOutcome> items, Provenance provenance)
    implements BatchReply<EmbedReply.ItemOutcome> {

  public EmbedReply {
    items = List.copyOf(items);
  }

  /** The outcome of one text. */
  public sealed interface ItemOutcome {}

  /**
   * A vector.
   *
   * @param vector its components; shared, do not change them
   * @param tokens tokens of the text, special tokens included
   * @param usedTokens tokens that went into the vector
   * @param truncated whether part of the text did not
   */
  @SuppressWarnings("ArrayRecordComponent") // vectors are large; equality is not asked of them
  public record Embedded(float[] vector, int tokens, int usedTokens, boolean truncated)
      implements ItemOutcome {}

  /** This text failed; its neighbours did not. */
  public record Failed(InferenceError error) implements ItemOutcome, ItemFailure {}

  /**
   * All vectors, where every text succeeded.
   *
   * @throws RequestFailedException with the error of the first text that failed
   */
  public List<float[]> vectors() {
    return successes(Embedded.class).stream().map(Embedded::vector).toList();
  }

  /**
   * The vector of a request of one text.
   *
   * @throws RequestFailedException if the text failed
   * @throws IllegalStateException if the request held more than one
   */
  public float[] vector() {
    return success(Embedded.class).vector();
  }
}
