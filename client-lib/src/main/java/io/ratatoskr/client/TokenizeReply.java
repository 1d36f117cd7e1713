package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;

/**
 * The answer to a {@link TokenizeRequest}.
 *
 * @param model model whose tokens these are
 * @param approximate whether another tokenizer stood in, since the model's own is not to be had
 * @param items one outcome per text, in the order of the request
 * @param provenance who answered
 */
public record TokenizeReply(
    String model, boolean approximate, List<ItemOutcome> items, Provenance provenance)
    implements BatchReply<TokenizeReply.ItemOutcome> {

  public TokenizeReply {
    items = List.copyOf(items);
  }

  /** The outcome of one text. */
  public sealed interface ItemOutcome {}

  /**
   * One token.
   *
   * @param id its number in the vocabulary
   * @param text the part of the text that it covers; part of a character is shown as U+FFFD
   * @param start where it begins in the text, in bytes of UTF-8
   * @param end where it ends in the text, in bytes of UTF-8, exclusive
   */
  public record Token(int id, String text, int start, int end) {}

  /**
   * The tokens of a text.
   *
   * @param count how many there are
   * @param tokens they themselves, in the text's order; empty unless asked for
   */
  public record Counted(int count, List<Token> tokens) implements ItemOutcome {
    public Counted {
      tokens = List.copyOf(tokens);
    }
  }

  /** This text failed; its neighbours did not. */
  public record Failed(InferenceError error) implements ItemOutcome, ItemFailure {}

  /**
   * All counts, where every text succeeded.
   *
   * @throws RequestFailedException with the error of the first text that failed
   */
  public List<Counted> counts() {
    return successes(Counted.class);
  }

  /**
   * The count of a request of one text.
   *
   * @throws RequestFailedException if the text failed
   * @throws IllegalStateException if the request held more than one
   */
  public Counted count() {
    return success(Counted.class);
  }
}
