package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.OptionalLong;

/** What became of a call for vectors. */
public sealed interface EmbeddingOutcome {

  /**
   * The provider made them.
   *
   * @param vectors one for each text, in their order, all finite and of the same length
   * @param spaceId names the vector space; vectors of different spaces do not compare
   * @param revision the model as the provider names it, or the digest of its content; empty where
   *     it says nothing
   * @param tokens of all texts together, where the provider says so
   */
  record Embedded(List<float[]> vectors, String spaceId, String revision, OptionalLong tokens)
      implements EmbeddingOutcome {
    public Embedded {
      vectors = List.copyOf(vectors);
    }

    /** Length of every vector. */
    public int dimensions() {
      return vectors.get(0).length;
    }
  }

  /**
   * It did not; none of the texts has a vector.
   *
   * @param error why; see {@link ProviderOutcome.Failed}
   */
  record Failed(InferenceError error) implements EmbeddingOutcome {}
}
