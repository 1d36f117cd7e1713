package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import java.util.List;

/**
 * Texts to take apart into tokens.
 *
 * @param model id or name of the model whose tokens are wanted
 * @param texts 1 to 256 texts; an empty one has no tokens
 * @param detail whether the tokens themselves are wanted, beside their count
 * @param options how the request travels
 */
public record TokenizeRequest(
    String model, List<String> texts, boolean detail, RequestOptions options)
    implements Request<TokenizeReply> {

  public TokenizeRequest {
    texts = List.copyOf(texts);
    Exchange.check(model, "nli-minilm-l6", "texts", texts);
  }

  /** Counts alone, and the default options. */
  public static TokenizeRequest of(String model, String... texts) {
    return of(model, List.of(texts));
  }

  /** Counts alone, and the default options. */
  public static TokenizeRequest of(String model, List<String> texts) {
    return new TokenizeRequest(model, texts, false, RequestOptions.defaults());
  }

  public TokenizeRequest withDetail(boolean newDetail) {
    return new TokenizeRequest(model, texts, newDetail, options);
  }

  public TokenizeRequest withOptions(RequestOptions newOptions) {
    return new TokenizeRequest(model, texts, detail, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.TOKENIZE;
  }
}
