package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request on its way through the callers: gathers parts until every input has its result. */
final class Submission {

  /**
   * One row of a batch: a pair, a text or a part of it.
   *
   * @param item position of the input in the request, from 0
   */
  record Row(Submission submission, int item, Encoded tokens) {}

  private final Tokenised tokenised;
  private final Head head;
  private final int specialTokens;
  private final CompletableFuture<List<ItemResult>> future = new CompletableFuture<>();
  private final @Nullable ItemResult[] results;
  private final Gathered[] gathered;
  private int open;

  /**
   * @param specialTokens tokens of a row that are not content; they don't weigh in a mean of parts
   */
  Submission(Tokenised tokenised, Head head, int specialTokens) {
    this.tokenised = tokenised;
    this.head = head;
    this.specialTokens = specialTokens;
    this.results = new ItemResult[tokenised.size()];
    this.gathered = new Gathered[tokenised.size()];
    this.open = tokenised.size();
  }

  /** Completes with the result of each input, in their order. */
  CompletableFuture<List<ItemResult>> future() {
    return future;
  }

  /** Whether anybody still waits for it. */
  boolean wanted() {
    return !future.isDone();
  }

  /** Settles the inputs that need no inference, and returns the rows of the others. */
  List<Row> start() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < tokenised.size(); i++) {
      switch (tokenised.items().get(i)) {
        case Tokenised.Answered answered -> settle(i, answered.result());
        case Tokenised.Pending pending -> {
          gathered[i] = new Gathered(head.dimensions(), pending.parts().size());
          for (Encoded part : pending.parts()) {
            rows.add(new Row(this, i, part));
          }
        }
      }
    }
    if (tokenised.size() == 0) {
      future.complete(List.of());
    }
    return rows;
  }

  /**
   * Takes the result of a row.
   *
   * @param output {@code [head.dimensions()]}, not normalised
   */
  void deliver(Row row, float[] output) {
    ItemResult settled;
    synchronized (this) {
      Gathered parts = gathered[row.item()];
      parts.add(output, Math.max(1, row.tokens().length() - specialTokens));
      if (parts.missing > 0 || results[row.item()] != null) {
        return;
      }
      settled = inferred(row.item(), parts.mean());
    }
    settle(row.item(), settled);
  }

  private ItemResult inferred(int item, float[] vector) {
    if (head.normalise()) {
      normalise(vector);
    }
    for (float element : vector) {
      if (!Float.isFinite(element)) {
        return new ItemResult.NotANumber();
      }
    }
    boolean truncated =
        tokenised.items().get(item) instanceof Tokenised.Pending pending && pending.truncated();
    return new ItemResult.Inferred(
        vector, tokenised.tokens(item), tokenised.usedTokens(item), truncated);
  }

  private static void normalise(float[] vector) {
    double squares = 0;
    for (float element : vector) {
      squares += (double) element * element;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; length > 0 && i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
  }

  /** Takes the reason why a row has no result; its input then has none. */
  void fail(Row row, ItemResult.Failed failure) {
    settle(row.item(), failure);
  }

  /** The first result of an item counts: a text of several parts fails with the first of them. */
  private void settle(int item, ItemResult result) {
    List<ItemResult> all;
    synchronized (this) {
      if (results[item] != null) {
        return;
      }
      results[item] = result;
      open--;
      if (open > 0) {
        return;
      }
      all = Arrays.stream(results).map(Objects::requireNonNull).toList();
    }
    future.complete(all);
  }

  /** Sums the parts of one input, each weighted by its tokens that are content. */
  private static final class Gathered {
    private final float[] sum;
    private final boolean alone;
    private int missing;
    private long weight;

    Gathered(int width, int parts) {
      this.sum = new float[width];
      this.alone = parts == 1;
      this.missing = parts;
    }

    void add(float[] part, int tokens) {
      missing--;
      // What has no other parts stays as it is, to the last bit.
      int ofThis = alone ? 1 : tokens;
      weight += ofThis;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i] * ofThis;
      }
    }

    float[] mean() {
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= weight;
      }
      return sum;
    }
  }
}
