package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;

/**
 * Pairs of texts to judge: does the hypothesis follow from the premise, or contradict it?
 *
 * @param model id of the model
 * @param pairs 1 to 256 pairs; one with an empty side fails by itself with {@code InvalidInput}
 * @param truncation what to do with pairs above the model's limit
 * @param options how the request travels
 */
public record NliRequest(
    String model, List<Pair> pairs, PairTruncation truncation, RequestOptions options)
    implements Request<NliReply> {

  /**
   * A pair.
   *
   * @param premise what is given
   * @param hypothesis what may follow from it
   */
  public record Pair(String premise, String hypothesis) {}

  public NliRequest {
    pairs = List.copyOf(pairs);
    Exchange.check(model, "nli-minilm-l6", "pairs", pairs);
  }

  /** One pair, an error if it is too long, and the default options. */
  public static NliRequest of(String model, String premise, String hypothesis) {
    return of(model, List.of(new Pair(premise, hypothesis)));
  }

  /** An error for pairs that are too long, and the default options. */
  public static NliRequest of(String model, List<Pair> pairs) {
    return new NliRequest(model, pairs, PairTruncation.ERROR, RequestOptions.defaults());
  }

  public NliRequest withTruncation(PairTruncation newTruncation) {
    return new NliRequest(model, pairs, newTruncation, options);
  }

  public NliRequest withOptions(RequestOptions newOptions) {
    return new NliRequest(model, pairs, truncation, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.NLI;
  }
}
