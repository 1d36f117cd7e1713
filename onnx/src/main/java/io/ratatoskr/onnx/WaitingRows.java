package io.ratatoskr.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one priority that wait for a batch, cut when a caller is free. Not thread-safe.
 *
 * <p>The longest row of the oldest submission leads a batch, and the longest of all that are no
 * longer than it follow, whichever submission they belong to. So batches pad no more than if each
 * submission were sorted and cut by itself, and a row is overtaken only by rows that pad less.
 */
final class WaitingRows<T> {

  private record Entry<T>(T row, int length, long sequence) {}

  private final ToIntFunction<T> length;
  private final Predicate<T> wanted;
  private final TreeSet<Entry<T>> longestFirst =
      new TreeSet<>(
          Comparator.<Entry<T>>comparingInt(Entry::length)
              .reversed()
              .thenComparingLong(Entry::sequence));

  /** What was added together, longest first; rows that have gone into a batch are still there. */
  private final ArrayDeque<ArrayDeque<Entry<T>>> submissions = new ArrayDeque<>();

  private long sequence;

  /**
   * @param length tokens of a row
   * @param wanted whether anybody still waits for it; what nobody wants goes into no batch
   */
  WaitingRows(ToIntFunction<T> length, Predicate<T> wanted) {
    this.length = length;
    this.wanted = wanted;
  }

  boolean isEmpty() {
    return longestFirst.isEmpty();
  }

  /** Adds what is submitted together. */
  void add(List<T> rows) {
    List<Entry<T>> entries = new ArrayList<>(rows.size());
    for (T row : rows) {
      entries.add(new Entry<>(row, Math.max(1, length.applyAsInt(row)), sequence++));
    }
    longestFirst.addAll(entries);
    entries.sort(longestFirst.comparator());
    submissions.add(new ArrayDeque<>(entries));
  }

  /**
   * Takes the next batch: rows while padded length × rows is within the budget. A row longer than
   * the budget is a batch of its own.
   *
   * @param budget most tokens of the batch, padding included
   * @return longest first; empty if nothing that waits is still wanted
   */
  List<T> cut(int budget) {
    Entry<T> leader = leader();
    if (leader == null) {
      return List.of();
    }
    int most = Math.max(1, budget / leader.length());
    List<T> batch = new ArrayList<>(Math.min(most, longestFirst.size()));
    Iterator<Entry<T>> followers = longestFirst.tailSet(leader, true).iterator();
    while (batch.size() < most && followers.hasNext()) {
      T row = followers.next().row();
      followers.remove();
      if (wanted.test(row)) {
        batch.add(row);
      }
    }
    return batch;
  }

  private @Nullable Entry<T> leader() {
    while (!submissions.isEmpty()) {
      Entry<T> longest = submissions.getFirst().poll();
      if (longest == null) {
        submissions.removeFirst();
      } else if (longestFirst.contains(longest)) {
        if (wanted.test(longest.row())) {
          return longest;
        }
        longestFirst.remove(longest);
      }
    }
    return null;
  }

  /** Takes all. */
  List<T> drain() {
    List<T> rest = longestFirst.stream().map(Entry::row).toList();
    longestFirst.clear();
    submissions.clear();
    return rest;
  }
}
