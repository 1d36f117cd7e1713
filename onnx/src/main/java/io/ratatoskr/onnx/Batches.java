package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into batches that pad little and cost about the same. */
final class Batches {
  private Batches() {}

  /**
   * Longest first; a batch takes texts while padded length × rows is within the budget. A text
   * longer than the budget is a batch of its own.
   *
   * @param lengths tokens of each text
   * @param budget most tokens of a batch, padding included
   * @return the texts' positions in {@code lengths}, each exactly once; equal lengths keep their
   *     order
   */
  static List<List<Integer>> cut(int[] lengths, int budget) {
    List<Integer> longestFirst = new ArrayList<>(lengths.length);
    for (int i = 0; i < lengths.length; i++) {
      longestFirst.add(i);
    }
    longestFirst.sort((a, b) -> Integer.compare(lengths[b], lengths[a]));
    List<List<Integer>> batches = new ArrayList<>();
    int start = 0;
    while (start < longestFirst.size()) {
      int padded = Math.max(1, lengths[longestFirst.get(start)]);
      int end = Math.min(longestFirst.size(), start + Math.max(1, budget / padded));
      batches.add(List.copyOf(longestFirst.subList(start, end)));
      start = end;
    }
    return batches;
  }
}
