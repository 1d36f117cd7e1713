package io.ratatoskr.onnx;

import io.ratatoskr.schemas.InputType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The properties of a loaded embedding model and of its vectors.
 *
 * @param id the name that requests use, for instance {@code all-minilm-l6-v2}
 * @param revision the first 16 hex digits of the SHA-256 of the model's files
 * @param pooling how token vectors become one vector
 * @param normalise whether vectors are scaled to length 1
 * @param dimensions length of a vector
 * @param maxTokens most tokens of one text, special tokens included
 * @param lowerCase whether texts and prefixes are put into lower case
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
    boolean lowerCase,
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

  /** The text that is tokenised for a text of this type: its prefix and itself. */
  String input(String text, InputType type) {
    String whole = prefix(type) + text;
    return lowerCase ? whole.toLowerCase(Locale.ROOT) : whole;
  }

  /** Why vectors cannot be cut to a length; empty where they can. 0 leaves them whole. */
  public Optional<String> againstCutTo(int length) {
    return length >= 0 && length <= dimensions
        ? Optional.empty()
        : Optional.of(
            "The vectors of %s have %d dimensions and cannot be cut to %d; ask for 1 to %d."
                .formatted(id, dimensions, length, dimensions));
  }

  /**
   * The properties of these vectors cut to their first components.
   *
   * @param length from 1 to {@link #dimensions}; 0 leaves them whole
   */
  public EmbeddingSpec cutTo(int length) {
    againstCutTo(length)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    return new EmbeddingSpec(
        id,
        revision,
        pooling,
        normalise,
        length == 0 ? dimensions : length,
        maxTokens,
        lowerCase,
        queryPrefix,
        documentPrefix);
  }

  /** A vector of the model as these properties have it: cut, and scaled to length 1 again. */
  public float[] cut(float[] vector) {
    if (vector.length == dimensions) {
      return vector;
    }
    float[] cut = Arrays.copyOf(vector, dimensions);
    double squares = 0;
    for (float component : cut) {
      squares += (double) component * component;
    }
    if (normalise && squares > 0) {
      float scale = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < cut.length; i++) {
        cut[i] *= scale;
      }
    }
    return cut;
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
            pooling.key(),
            Boolean.toString(normalise),
            Integer.toString(dimensions),
            Boolean.toString(lowerCase),
            queryPrefix,
            documentPrefix);
    return ContentHash.start().add(parts.getBytes(StandardCharsets.UTF_8)).shortHex();
  }
}
