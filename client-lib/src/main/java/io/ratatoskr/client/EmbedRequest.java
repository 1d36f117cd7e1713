package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.util.List;

/**
 * Texts to embed.
 *
 * @param model id of the model; required, since vectors of different models do not compare
 * @param texts 1 to 256 texts; an empty one fails by itself with {@code InvalidInput}
 * @param inputType whether they are queries or documents
 * @param truncation what to do with texts above the model's limit
 * @param dimensions length to which the vectors are cut and scaled anew, for models that are
 *     trained for it (Kusupati et al. 2022, "Matryoshka Representation Learning"); they are of a
 *     space of their own. 0 is the model's own length
 * @param options how the request travels
 */
public record EmbedRequest(
    String model,
    List<String> texts,
    InputType inputType,
    Truncation truncation,
    int dimensions,
    RequestOptions options)
    implements Request<EmbedReply> {

  public EmbedRequest {
    texts = List.copyOf(texts);
    Exchange.check(model, "all-minilm-l6-v2", "texts", texts);
    if (dimensions < 0) {
      throw new IllegalArgumentException("dimensions: must not be negative, is " + dimensions);
    }
  }

  /** Documents, an error for texts that are too long, and the default options. */
  public static EmbedRequest of(String model, String... texts) {
    return of(model, List.of(texts));
  }

  /** Documents, an error for texts that are too long, and the default options. */
  public static EmbedRequest of(String model, List<String> texts) {
    return new EmbedRequest(
        model, texts, InputType.DOCUMENT, Truncation.ERROR, 0, RequestOptions.defaults());
  }

  public EmbedRequest withInputType(InputType newInputType) {
    return new EmbedRequest(model, texts, newInputType, truncation, dimensions, options);
  }

  public EmbedRequest withTruncation(Truncation newTruncation) {
    return new EmbedRequest(model, texts, inputType, newTruncation, dimensions, options);
  }

  public EmbedRequest withDimensions(int newDimensions) {
    return new EmbedRequest(model, texts, inputType, truncation, newDimensions, options);
  }

  public EmbedRequest withOptions(RequestOptions newOptions) {
    return new EmbedRequest(model, texts, inputType, truncation, dimensions, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.EMBED;
  }
}
