package io.ratatoskr.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Rows come out in the order of their inputs, each input at most once. {@link #requested} tells the
 * inputs in input order, {@link #delivered} the rows in the order of the output. Ids may repeat:
 * the rows must be a subsequence of the inputs. Inputs without a row are not judged here.
 *
 * <p>Valid:
 *
 * <ul>
 *   <li>inputs a b c, rows a b c
 *   <li>inputs a b c, rows a c: b was a bad line
 *   <li>inputs a b a, rows a b a
 * </ul>
 *
 * <p>Invalid:
 *
 * <ul>
 *   <li>inputs a b c, rows a c b: b comes too late
 *   <li>inputs a b, rows a a b: a row too many
 *   <li>inputs a b, rows a x b: x is no input
 * </ul>
 */
public final class InputOrder<P> implements Guarantee<P> {
  private final Map<String, TreeSet<Integer>> inputs = new HashMap<>();
  private final List<String> rows = new ArrayList<>();
  private int inputCount;

  @Override
  public synchronized void requested(String requestId) {
    inputs.computeIfAbsent(requestId, id -> new TreeSet<>()).add(inputCount);
    inputCount++;
  }

  @Override
  public synchronized void delivered(String requestId, P payload) {
    rows.add(requestId);
  }

  @Override
  public synchronized List<String> violations() {
    List<String> violations = new ArrayList<>();
    int last = -1;
    for (int row = 0; row < rows.size(); row++) {
      String id = rows.get(row);
      TreeSet<Integer> places = inputs.getOrDefault(id, new TreeSet<>());
      Integer next = places.higher(last);
      if (next != null) {
        last = next;
      } else if (places.isEmpty()) {
        violations.add("row " + row + ", " + id + ", is no input");
      } else {
        violations.add(
            "row "
                + row
                + ", "
                + id
                + ", comes after the row of input "
                + last
                + ", but is input "
                + places.last());
      }
    }
    return violations;
  }
}
