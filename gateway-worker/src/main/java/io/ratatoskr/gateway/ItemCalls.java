package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The items of a request in the calls that they travel in, by their places. A call that is refused
 * because of what its items are is made again with each half of them, until those that are to blame
 * stand alone.
 */
final class ItemCalls {
  /** Refused so often without an answer between, a provider refuses something else than items. */
  private static final int MOST_REFUSALS = 16;

  private final Deque<List<Integer>> parts = new ArrayDeque<>();
  private int refusals;

  ItemCalls(List<Integer> items, int most) {
    for (int from = 0; from < items.size(); from += most) {
      parts.add(items.subList(from, Math.min(from + most, items.size())));
    }
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** The items of the next call. */
  List<Integer> next() {
    return parts.pop();
  }

  /** A call has its answer. */
  void answered() {
    refusals = 0;
  }

  /**
   * Whether the items of a refused call are asked about again, in halves; else they are refused.
   */
  boolean halve(List<Integer> part) {
    refusals++;
    if (part.size() == 1 || refusals >= MOST_REFUSALS) {
      return false;
    }
    int half = part.size() / 2;
    parts.push(part.subList(half, part.size()));
    parts.push(part.subList(0, half));
    return true;
  }

  /** Whether a call failed because of what its items are, so that others might be taken. */
  static boolean isOfItems(InferenceError error) {
    return switch (error.code()) {
      case INVALID_INPUT, CONTEXT_LENGTH_EXCEEDED, CONTENT_FILTERED -> true;
      default -> false;
    };
  }
}
