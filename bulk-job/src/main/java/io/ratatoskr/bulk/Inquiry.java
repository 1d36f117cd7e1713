package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.BatchReply;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Column;
import io.ratatoskr.schemas.Limits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Makes requests of the lines of a {@link JobKind}, and the values of rows of the replies. */
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

  /** The name of lines, in the plural. */
  String unit();

  /** The properties, beside the input, by which an unfinished job is known again. */
  JobIdentity identity();

  /**
   * Asks.
   *
   * @param questions what the lines hold, each in the order of {@link #parts()}
   */
  CompletableFuture<List<Outcome<Answer.Given>>> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options);

  /**
   * The outcomes of a reply.
   *
   * @param given makes the answer of an item that did not fail
   */
  static <O, R extends BatchReply<O>> CompletableFuture<List<Outcome<Answer.Given>>> outcomes(
      CompletableFuture<R> reply, BiFunction<R, O, Answer.Given> given) {
    return Outcome.of(reply, there -> Outcome.of(there, item -> given.apply(there, item)));
  }
}
