package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request on its way through the callers: gathers parts until every text has its result. */
final class Submission {

  /** One row of a batch: a part of one text. */
  record Row(Submission submission, int item, Encoded tokens) {}

  private final Prepared prepared;
  private final ModelSpec spec;
  private final Frame frame;
  private final CompletableFuture<List<ItemResult>> future = new CompletableFuture<>();
  private final @Nullable ItemResult[] results;
  private final Gathered[] gathered;
  private int open;

  Submission(Prepared prepared, ModelSpec spec, Frame frame) {
    this.prepared = prepared;
    this.spec = spec;
    this.frame = frame;
    this.results = new ItemResult[prepared.size()];
    this.gathered = new Gathered[prepared.size()];
    this.open = prepared.size();
  }

  CompletableFuture<List<ItemResult>> future() {
    return future;
  }

  /** Whether anybody still waits for it. */
  boolean wanted() {
    return !future.isDone();
  }

  /** Settles what needs no inference and returns the rest. */
  List<Row> start() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prepared.size(); i++) {
      switch (prepared.items().get(i)) {
        case Prepared.Answered answered -> settle(i, answered.result());
        case Prepared.Pending pending -> {
          gathered[i] = new Gathered(spec.dimensions(), pending.parts().size());
          for (Encoded part : pending.parts()) {
            rows.add(new Row(this, i, part));
          }
        }
      }
    }
    if (prepared.size() == 0) {
      future.complete(List.of());
    }
    return rows;
  }

  /** A part's pooled vector. */
  void deliver(Row row, float[] pooled) {
    ItemResult settled;
    synchronized (this) {
      Gathered parts = gathered[row.item()];
      parts.add(pooled, Math.max(1, frame.content(row.tokens())));
      if (parts.missing > 0 || results[row.item()] != null) {
        return;
      }
      settled = embedded(row.item(), parts.mean());
    }
    settle(row.item(), settled);
  }

  private ItemResult embedded(int item, float[] vector) {
    if (spec.normalise()) {
      normalise(vector);
    }
    for (float element : vector) {
      if (!Float.isFinite(element)) {
        return new ItemResult.NotANumber();
      }
    }
    boolean truncated =
        prepared.items().get(item) instanceof Prepared.Pending pending && pending.truncated();
    return new ItemResult.Embedded(
        vector, prepared.tokens(item), prepared.usedTokens(item), truncated);
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

  /** The parts of one text that have arrived, as a sum weighted by their tokens. */
  private static final class Gathered {
    private final float[] sum;
    private int missing;
    private long weight;

    Gathered(int dimensions, int parts) {
      this.sum = new float[dimensions];
      this.missing = parts;
    }

    void add(float[] part, int tokens) {
      missing--;
      weight += tokens;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i] * tokens;
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
