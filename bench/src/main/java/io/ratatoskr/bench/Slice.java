package io.ratatoskr.bench;

import java.util.List;

/**
 * The texts of one run.
 *
 * @param from position of the first
 * @param to position after the last; may lie beyond the end
 */
record Slice(int from, int to) {
  static final Slice WHOLE = new Slice(0, Integer.MAX_VALUE);

  /** The slice of that number where {@code size} texts are cut into equal ones. */
  static Slice of(int number, int slices, int size) {
    return new Slice(
        (int) ((long) size * number / slices), (int) ((long) size * (number + 1) / slices));
  }

  <T> List<T> of(List<T> texts) {
    return texts.subList(Math.min(from, texts.size()), Math.min(to, texts.size()));
  }
}
