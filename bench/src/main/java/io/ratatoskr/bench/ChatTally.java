package io.ratatoskr.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a {@link ChatLoad}.
 *
 * @param whole answers that were as planned
 * @param broken answers with pieces missing, doubled or out of order
 * @param failed requests without an answer
 * @param restarts attempts that were aborted and begun anew
 * @param pieces of all answers
 * @param seconds from the first call to the last answer
 * @param firstMillis of each answer, from the call to its first piece
 * @param allMillis of each answer, from the call to its end
 * @param delays milliseconds of stamped pieces from the provider to the reader
 * @param cancelledAt when which answer was cancelled, by {@link System#nanoTime}
 * @param heapMiB most heap in use after collections, above that before its call, while an answer
 *     arrives; 0 where it was not looked at
 * @param heapAtEndMiB the same, when the answer is there and was not read
 */
record ChatTally(
    int whole,
    int broken,
    int failed,
    int restarts,
    long pieces,
    double seconds,
    List<Double> firstMillis,
    List<Double> allMillis,
    List<Double> delays,
    Map<Long, Long> cancelledAt,
    double heapMiB,
    double heapAtEndMiB) {

  static ChatTally of(JsonNode node) {
    return JsonMapper.shared().treeToValue(node, ChatTally.class);
  }

  /** Whether every answer was as planned. */
  boolean isFlawless() {
    return broken == 0 && failed == 0;
  }

  /** Answers a second. */
  double rate() {
    return whole / seconds;
  }

  /** How many answers were not as planned, for a report. */
  String flaws() {
    return "%d failed, %d broken, %d begun anew".formatted(failed, broken, restarts);
  }

  /** One answer. */
  record One(
      boolean whole,
      int restarts,
      int pieces,
      double firstMillis,
      double allMillis,
      List<Double> delays) {}

  /** Adds answers up; for any thread. */
  static final class Sum {
    private final List<Double> first = new ArrayList<>();
    private final List<Double> all = new ArrayList<>();
    private final List<Double> delays = new ArrayList<>();
    private final Map<Long, Long> cancelledAt = new LinkedHashMap<>();
    private int whole;
    private int broken;
    private int failed;
    private int restarts;
    private long pieces;
    private double heapMiB;
    private double heapAtEndMiB;

    synchronized void add(One one) {
      if (one.whole()) {
        whole++;
      } else {
        broken++;
      }
      restarts += one.restarts();
      pieces += one.pieces();
      first.add(one.firstMillis());
      all.add(one.allMillis());
      delays.addAll(one.delays());
    }

    synchronized void addFailed(Exception cause) {
      if (failed++ == 0) {
        Report.progress("the first that failed: " + cause);
      }
    }

    synchronized void addCancelled(long tag, long nanoTime) {
      cancelledAt.put(tag, nanoTime);
    }

    synchronized void heap(double mib) {
      heapMiB = Math.max(heapMiB, mib);
    }

    synchronized void heapAtEnd(double mib) {
      heapAtEndMiB = Math.max(heapAtEndMiB, mib);
    }

    synchronized ChatTally after(double seconds) {
      return new ChatTally(
          whole,
          broken,
          failed,
          restarts,
          pieces,
          seconds,
          List.copyOf(first),
          List.copyOf(all),
          List.copyOf(delays),
          Map.copyOf(cancelledAt),
          heapMiB,
          heapAtEndMiB);
    }
  }
}
