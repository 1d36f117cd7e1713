package io.ratatoskr.onnx;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The tokens of one text or pair. The attention mask is implied: there is no padding. */
final class Encoded {
  private static final int[] ALL_ZERO = {};

  private final int[] ids;
  private final int[] typeIds;

  /** Keeps the arrays; {@code typeIds} is empty where every one of them is 0. */
  private Encoded(int[] ids, int[] typeIds) {
    this.ids = ids;
    this.typeIds = typeIds;
  }

  static Encoded of(long[] ids, long[] typeIds) {
    return of(toInts(ids), toInts(typeIds));
  }

  private static Encoded of(int[] ids, int[] typeIds) {
    boolean allZero = Arrays.stream(typeIds).allMatch(id -> id == 0);
    return new Encoded(ids, allZero ? ALL_ZERO : typeIds);
  }

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

  int length() {
    return ids.length;
  }

  int id(int position) {
    return ids[position];
  }

  int typeId(int position) {
    return typeIds.length == 0 ? 0 : typeIds[position];
  }

  /** The tokens from one position up to another. */
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
   * The first {@code lead} tokens, those from {@code from} to {@code to}, the last {@code trail}.
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

  int[] ids() {
    return ids.clone();
  }

  /** Puts a row together. */
  static final class Builder {
    private final int[] ids;
    private final int[] typeIds;
    private int length;

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

    /** The first tokens, all of one type. */
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
