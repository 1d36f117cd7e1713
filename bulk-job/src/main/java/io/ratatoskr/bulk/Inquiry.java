package io.ratatoskr.bulk;

import io.ratatoskr.client.BatchReply;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Column;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How lines of a {@link JobKind} are asked about, and what their rows hold. */
non-sealed interface Inquiry extends JobKind {

  static Inquiry of(JobKind kind) {
    return switch (kind) {
      case Inquiry inquiry -> inquiry;
    };
  }

  /** Names of what a line holds, at least one; also the fields' names unless others are given. */
  List<String> parts();

  /** Columns of the output, beside the id and the kept fields. */
  List<Column> columns();

  /** Most questions in one record. */
  default int recordItems() {
    return Limits.recordItems(capability());
  }

  /** What a line is, in the plural. */
  String unit();

  /** What makes two jobs the same beside their input. */
  JobIdentity identity();

  /**
   * Asks.
   *
   * @param questions what the lines hold, each in the order of {@link #parts()}
   */
  CompletableFuture<Replied> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options);

  /**
   * A reply.
   *
   * @param spaceId what all its rows have in common; empty where there is nothing
   * @param items one outcome per question, in their order
   */
  record Replied(String spaceId, List<Item> items) {

    /** The outcomes of a reply, each success as the answer that it makes. */
    static <O> Replied of(String spaceId, BatchReply<O> reply, Function<O, Answer.Given> success) {
      List<Item> items = new ArrayList<>(reply.items().size());
      for (O item : reply.items()) {
        items.add(
            item instanceof BatchReply.ItemFailure failed
                ? new Item.Failed(failed.error())
                : new Item.Succeeded(success.apply(item)));
      }
      return new Replied(spaceId, items);
    }
  }

  /** What became of one question this time. */
  sealed interface Item {
    /** A row. */
    record Succeeded(Answer.Given answer) implements Item {}

    /** None, or not yet. */
    record Failed(InferenceError error) implements Item {}
  }
}
