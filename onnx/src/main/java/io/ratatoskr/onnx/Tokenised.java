package io.ratatoskr.onnx;

import io.ratatoskr.schemas.Truncation;
import java.util.List;

/** Tokenised inputs (texts or pairs), ready to be submitted to the model that made them. */
public final class Tokenised {

  /** One input, with or without need of a run. */
  sealed interface Item {
    /** Tokens of the whole input. */
    int tokens();
  }

  /**
   * The input is to be run, in one part or several.
   *
   * @param parts each a row of its own, no longer than the model's limit
   * @param tokens of the whole input, special tokens included
   * @param truncated whether some of it was cut off
   */
  record Pending(List<Encoded> parts, int tokens, boolean truncated) implements Item {
    int usedTokens() {
      return parts.stream().mapToInt(Encoded::length).sum();
    }
  }

  /**
   * The input has its result already.
   *
   * @param result the result
   * @param tokens of the whole input, special tokens included; 0 where it has none
   */
  record Answered(ItemResult result, int tokens) implements Item {}

  private final ModelSpec spec;
  private final List<Item> items;

  Tokenised(ModelSpec spec, List<Item> items) {
    this.spec = spec;
    this.items = List.copyOf(items);
  }

  /** An input without content. */
  static Item noTokens(ItemResult.NoTokens.Part part) {
    return new Answered(new ItemResult.NoTokens(part), 0);
  }

  /**
   * The item that a text makes under a limit of tokens.
   *
   * @param text all its tokens, special ones included
   * @param frame the special tokens around it
   * @param limit most tokens of a row, special ones included
   */
  static Item item(Encoded text, Frame frame, int limit, Truncation truncation) {
    int tokens = text.length();
    if (tokens == 0) {
      return noTokens(ItemResult.NoTokens.Part.TEXT);
    }
    if (tokens <= limit) {
      return new Pending(List.of(text), tokens, false);
    }
    return switch (truncation) {
      case ERROR -> new Answered(new ItemResult.TooLong(limit, tokens), tokens);
      case TRUNCATE -> new Pending(List.of(frame.truncate(text, limit)), tokens, true);
      case CHUNK_MEAN -> new Pending(frame.split(text, limit), tokens, false);
    };
  }

  /** The model whose tokens these are. */
  ModelSpec spec() {
    return spec;
  }

  List<Item> items() {
    return items;
  }

  /** Number of inputs. */
  public int size() {
    return items.size();
  }

  /** Tokens of one input as it was given, special tokens included. */
  public int tokens(int index) {
    return items.get(index).tokens();
  }

  /** Tokens that will be run for one input: its share of the work; 0 where it is refused. */
  public int usedTokens(int index) {
    return switch (items.get(index)) {
      case Pending pending -> pending.usedTokens();
      case Answered answered -> 0;
    };
  }

  /** Tokens that will be run for all inputs. */
  public long usedTokens() {
    long sum = 0;
    for (int i = 0; i < items.size(); i++) {
      sum += usedTokens(i);
    }
    return sum;
  }
}
