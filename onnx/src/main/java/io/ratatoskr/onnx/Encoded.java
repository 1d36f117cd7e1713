package io.ratatoskr.onnx;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The tokens of one text or pair, special tokens included where the tokenizer added them: for each
 * position from 0 a token id and a token type. The attention mask is implied: there is no padding.
 *
 * <p>Immutable; a token id is 0 or more, a token type is 0 for most models and else 0 or 1.
 */
final class Encoded {
  private static final int[] ALL_ZERO = {};

  private final int[] ids;
  private final int[] typeIds;

  /** Keeps both arrays; {@code typeIds} is as long as {@code ids}, or empty where all are 0. */
  private Encoded(int[] ids, int[] typeIds) {
    this.ids = ids;
    this.typeIds = typeIds;
  }

  /**
   * Tokens as a tokenizer gives them.
   *
   * @param ids token ids, {@code [length]}
   * @param typeIds their types, {@code [length]}
   * @throws ArithmeticException when one of them is no int
   */
  static Encoded of(long[] ids, long[] typeIds) {
    return of(toInts(ids), toInts(typeIds));
  }

  private static Encoded of(int[] ids, int[] typeIds) {
    boolean allZero = Arrays.stream(typeIds).allMatch(id -> id == 0);
    return new Encoded(ids, allZero ? ALL_ZERO : typeIds);
  }

  /** One token of type 0, so many times. */
  static Encoded repeat(int id, int times) {
    int[] ids = new int[times];
    Arrays.fill(ids, id);
    return new Encoded(ids, ALL_ZERO);
  }

  private static int[] toInts(long[] longs) {
    int[] ints = new int[longs.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(longs[i]);
    }
    return ints;
  }

  /** Number of tokens. */
  int length() {
    return ids.length;
  }

  /** The token id at a position, 0 to {@code length() - 1}. */
  int id(int position) {
    return ids[position];
  }

  /** The token type at a position, 0 to {@code length() - 1}. */
  int typeId(int position) {
    return typeIds.length == 0 ? 0 : typeIds[position];
  }

  /** The tokens from position {@code from} up to and without {@code to}. */
  Encoded slice(int from, int to) {
    return select(position -> position >= from && position < to);
  }

  /** The tokens at the positions that pass, asked in ascending order, each once. */
  Encoded select(IntPredicate positions) {
    int[] chosen = IntStream.range(0, ids.length).filter(positions).toArray();
    return of(
        Arrays.stream(chosen).map(this::id).toArray(),
        Arrays.stream(chosen).map(this::typeId).toArray());
  }

  /**
   * The first {@code lead} tokens, those at the positions from {@code from} up to and without
   * {@code to}, and the last {@code trail}.
   */
  Encoded cut(int lead, int from, int to, int trail) {
    return new Encoded(
        cut(ids, lead, from, to, trail),
        typeIds.length == 0 ? ALL_ZERO : cut(typeIds, lead, from, to, trail));
  }

  private static int[] cut(int[] all, int lead, int from, int to, int trail) {
    int[] cut = new int[lead + (to - from) + trail];
    System.arraycopy(all, 0, cut, 0, lead);
    System.arraycopy(all, from, cut, lead, to - from);
    System.arraycopy(all, all.length - trail, cut, lead + (to - from), trail);
    return cut;
  }

  /** Whether both have the same tokens of the same types. */
  boolean sameTokens(Encoded other) {
    return Arrays.equals(ids, other.ids) && Arrays.equals(typeIds, other.typeIds);
  }

  /** A copy of the token ids, {@code [length]}. */
  int[] ids() {
    return ids.clone();
  }

  /** Puts tokens together, in the order in which they are added. */
  static final class Builder {
    private final int[] ids;
    private final int[] typeIds;
    private int length;

    /**
     * @param length of all tokens that will be added
     */
    Builder(int length) {
      ids = new int[length];
      typeIds = new int[length];
    }

    /** Tokens with their own types. */
    Builder add(Encoded tokens) {
      for (int i = 0; i < tokens.length(); i++, length++) {
        ids[length] = tokens.id(i);
        typeIds[length] = tokens.typeId(i);
      }
      return this;
    }

    /** The first {@code count} tokens, all of one type. */
    Builder add(Encoded tokens, int count, int typeId) {
      System.arraycopy(tokens.ids, 0, ids, length, count);
      Arrays.fill(typeIds, length, length + count, typeId);
      length += count;
      return this;
    }

    Encoded build() {
      return Encoded.of(ids, typeIds);
    }
  }
}
