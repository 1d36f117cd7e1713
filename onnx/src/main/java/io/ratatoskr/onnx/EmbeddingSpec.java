package io.ratatoskr.onnx;

import java.nio.charset.StandardCharsets;

/**
 * What a loaded embedding model is and what its vectors are.
 *
 * @param id the name that requests use, for instance {@code all-minilm-l6-v2}
 * @param revision the first 16 hex digits of the SHA-256 of the model's files
 * @param pooling how token vectors become one vector
 * @param normalise whether vectors are scaled to length 1
 * @param dimensions length of a vector
 * @param maxTokens most tokens of one text, special tokens included
 * @param queryPrefix put before every query; often empty
 * @param documentPrefix put before every document; often empty
 */
public record EmbeddingSpec(
    String id,
    String revision,
    Pooling pooling,
    boolean normalise,
    int dimensions,
    int maxTokens,
    String queryPrefix,
    String documentPrefix)
    implements ModelSpec {

  public EmbeddingSpec {
    if (id.isBlank() || revision.isBlank()) {
      throw new IllegalArgumentException("A model needs an id and a revision.");
    }
    if (dimensions < 1 || maxTokens < 1) {
      throw new IllegalArgumentException(
          "Model %s: dimensions (%d) and max tokens (%d) must be at least 1."
              .formatted(id, dimensions, maxTokens));
    }
  }

  /** The prefix of texts of this type. */
  public String prefix(InputType type) {
    return switch (type) {
      case QUERY -> queryPrefix;
      case DOCUMENT -> documentPrefix;
    };
  }

  /**
   * Names the vector space: vectors with different space ids must not be compared. 16 hex digits of
   * a SHA-256 over everything here that changes a vector; the fp32 and the int8 form of a model
   * differ, since their revisions do.
   */
  public String spaceId() {
    String parts =
        String.join(
            "\0",
            id,
            revision,
            pooling.name(),
            Boolean.toString(normalise),
            Integer.toString(dimensions),
            queryPrefix,
            documentPrefix);
    return ContentHash.start().add(parts.getBytes(StandardCharsets.UTF_8)).shortHex();
  }
}
