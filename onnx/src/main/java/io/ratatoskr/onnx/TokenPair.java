package io.ratatoskr.onnx;

import io.ratatoskr.schemas.PairTruncation;
import java.util.List;

/** The tokens of premise and hypothesis, before it is known how many of them fit. */
sealed interface TokenPair {

  /** Tokens of the premise, special ones not counted. */
  int premise();

  /** Tokens of the hypothesis, special ones not counted. */
  int hypothesis();

  /** Special tokens. */
  int special();

  /** A row of so many tokens of each side, from its beginning, and all special ones. */
  Encoded keep(int premise, int hypothesis);

  /**
   * The texts were encoded one by one.
   *
   * @param frame joins them
   */
  record Apart(PairFrame frame, Encoded first, Encoded second) implements TokenPair {
    @Override
    public int premise() {
      return first.length();
    }

    @Override
    public int hypothesis() {
      return second.length();
    }

    @Override
    public int special() {
      return frame.size();
    }

    @Override
    public Encoded keep(int premise, int hypothesis) {
      return frame.join(first, premise, second, hypothesis);
    }
  }

  /**
   * The texts were encoded together.
   *
   * @param sides for each token 0 (premise), 1 (hypothesis) or another number (special)
   */
  record Whole(
      Encoded all,
      @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
          int[] sides)
      implements TokenPair {
    private int count(int side) {
      int count = 0;
      for (int each : sides) {
        count += each == side ? 1 : 0;
      }
      return count;
    }

    @Override
    public int premise() {
      return count(0);
    }

    @Override
    public int hypothesis() {
      return count(1);
    }

    @Override
    public int special() {
      return sides.length - premise() - hypothesis();
    }

    @Override
    public Encoded keep(int premise, int hypothesis) {
      int[] left = {premise, hypothesis};
      return all.select(position -> {
        int side = sides[position];
        return (side != 0 && side != 1) || left[side]-- > 0;
      });
    }
  }

  /** The item that the pair makes under a limit of tokens, special ones included. */
  default Tokenised.Item item(int limit, PairTruncation truncation) {
    int tokens = premise() + hypothesis() + special();
    if (premise() == 0 || hypothesis() == 0) {
      return Tokenised.noTokens(
          premise() == 0 ? ItemResult.NoTokens.Part.PREMISE : ItemResult.NoTokens.Part.HYPOTHESIS);
    }
    if (tokens <= limit) {
      return new Tokenised.Pending(List.of(keep(premise(), hypothesis())), tokens, false);
    }
    return switch (truncation) {
      case ERROR -> new Tokenised.Answered(new ItemResult.TooLong(limit, tokens), tokens);
      case LONGEST_FIRST -> {
        Kept kept = Kept.longestFirst(premise(), hypothesis(), limit - special());
        yield new Tokenised.Pending(List.of(keep(kept.premise(), kept.hypothesis())), tokens, true);
      }
    };
  }

  /**
   * The numbers of tokens that stay of each side.
   *
   * @param premise tokens of the premise, 0 or more
   * @param hypothesis tokens of the hypothesis, 0 or more
   */
  record Kept(int premise, int hypothesis) {

    /**
     * Cuts as Hugging Face's tokenizers do: the shorter side stays whole where it has at most half
     * of the room, else both get half, and the longer one (the hypothesis where they are equal) the
     * odd token.
     *
     * @param room tokens that both may have together, fewer than they have
     */
    static Kept longestFirst(int premise, int hypothesis, int room) {
      int half = room / 2;
      if (premise > hypothesis) {
        int second = Math.min(hypothesis, half);
        return new Kept(room - second, second);
      }
      int first = Math.min(premise, half);
      return new Kept(first, room - first);
    }
  }
}
