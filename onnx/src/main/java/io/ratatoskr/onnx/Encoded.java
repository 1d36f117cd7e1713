package io.ratatoskr.onnx;

import java.util.Arrays;

/** The tokens of one text. The attention mask is implied: there is no padding. */
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
    boolean allZero = Arrays.stream(typeIds).allMatch(id -> id == 0);
    return new Encoded(toInts(ids), allZero ? ALL_ZERO : toInts(typeIds));
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

  int[] ids() {
    return ids.clone();
  }
}
