package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;

/**
 * Texts, and targets that they may be for or against.
 *
 * @param model id of the model
 * @param items 1 to 256 texts with their targets; one with an empty text or target fails by itself
 *     with {@code InvalidInput}
 * @param truncation what to do with a text that is, with its target, above the model's limit
 * @param options how the request travels
 */
public record StanceRequest(
    String model, List<Item> items, PairTruncation truncation, RequestOptions options)
    implements Request<StanceReply> {

  /**
   * One text and its target.
   *
   * @param text the text
   * @param target a person, thing, proposal or claim
   */
  public record Item(String text, String target) {}

  public StanceRequest {
    items = List.copyOf(items);
    Exchange.check(model, "nli-minilm-l6", "items", items);
  }

  /** One text, an error if it is too long, and the default options. */
  public static StanceRequest of(String model, String text, String target) {
    return of(model, List.of(new Item(text, target)));
  }

  /** An error for texts that are too long, and the default options. */
  public static StanceRequest of(String model, List<Item> items) {
    return new StanceRequest(model, items, PairTruncation.ERROR, RequestOptions.defaults());
  }

  public StanceRequest withTruncation(PairTruncation newTruncation) {
    return new StanceRequest(model, items, newTruncation, options);
  }

  public StanceRequest withOptions(RequestOptions newOptions) {
    return new StanceRequest(model, items, truncation, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.STANCE;
  }
}
