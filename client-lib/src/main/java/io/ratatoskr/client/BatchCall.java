package io.ratatoskr.client;

import io.ratatoskr.client.Provenance.CacheUse;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of the client: the records that it travels as, and the join of their outcomes.
 *
 * <p>Where the cache takes part, a batch travels as one record per item, so that hits are per item;
 * else in records of the size that its capability has. Of a split batch, a record's failure is the
 * outcome of each of its items, unless all failed or the failure is the pipeline's and not the
 * request's.
 */
final class BatchCall<Q extends Request<R>, I, O, R extends BatchReply<O>> {
  private final CompletableFuture<R> reply = new CompletableFuture<>();
  private final Exchange<Q, I, O, R> exchange;
  private final Q request;
  private final List<List<I>> parts;

  // Guarded by this.
  private final @Nullable RecordOutcome[] outcomes;
  private int open;

  BatchCall(Exchange<Q, I, O, R> exchange, Q request) {
    this.exchange = exchange;
    this.request = request;
    RequestOptions options = request.options();
    boolean perItem = options.lane() == Lane.INTERACTIVE && options.cache() != CacheMode.OFF;
    this.parts = cut(perItem ? 1 : exchange.recordItems(request));
    this.outcomes = new @Nullable RecordOutcome[parts.size()];
    this.open = parts.size();
  }

  private List<List<I>> cut(int mostItems) {
    long mostCharacters = exchange.recordCharacters(request);
    List<I> items = exchange.items(request);
    List<List<I>> cut = new ArrayList<>();
    int from = 0;
    long characters = 0;
    for (int i = 0; i < items.size(); i++) {
      long own = exchange.characters(items.get(i));
      if (i - from == mostItems || (i > from && characters + own > mostCharacters)) {
        cut.add(items.subList(from, i));
        from = i;
        characters = 0;
      }
      characters += own;
    }
    cut.add(items.subList(from, items.size()));
    return cut;
  }

  CompletableFuture<R> reply() {
    return reply;
  }

  /** The record values, one for each part; or the limit that the request is above. */
  List<byte[]> encode() {
    // The characters first: it spares encoding what is refused.
    refuseAbove(exchange.items(request).stream().mapToLong(exchange::characters).sum());
    List<byte[]> values = new ArrayList<>(parts.size());
    for (List<I> part : parts) {
      byte[] value = exchange.encode(request, part);
      refuseAbove(value.length);
      values.add(value);
    }
    return values;
  }

  private static void refuseAbove(long bytes) {
    if (bytes > Limits.REQUEST_BYTES) {
      throw new RequestFailedException(
          InferenceError.tooLarge(
              bytes,
              Limits.REQUEST_BYTES,
              "a request holds at most "
                  + Limits.REQUEST_BYTES
                  + " bytes, this one at least "
                  + bytes));
    }
  }

  /** The outcome of one part; with the last one the call is complete. */
  void ended(int part, RecordOutcome outcome) {
    synchronized (this) {
      outcomes[part] = outcome;
      if (--open > 0) {
        return;
      }
    }
    try {
      reply.complete(joined());
    } catch (RatatoskrException e) {
      reply.completeExceptionally(e);
    }
  }

  private R joined() {
    List<R> answers = new ArrayList<>();
    List<O> items = new ArrayList<>();
    RatatoskrException failure = null;
    for (int part = 0; part < outcomes.length; part++) {
      RecordOutcome outcome = Objects.requireNonNull(outcomes[part]);
      int size = parts.get(part).size();
      if (outcome instanceof RecordOutcome.Answer answer) {
        outcome = decoded(answer, size, answers, items);
      }
      if (outcome instanceof RecordOutcome.Failure failed) {
        if (!(failed.cause() instanceof RequestFailedException refused)) {
          throw failed.cause();
        }
        failure = failure == null ? refused : failure;
        items.addAll(Collections.nCopies(size, exchange.failed(refused.error())));
      }
    }
    if (answers.isEmpty()) {
      throw Objects.requireNonNull(failure);
    }
    return exchange.join(answers, items, merged(answers));
  }

  private RecordOutcome decoded(
      RecordOutcome.Answer answer, int size, List<R> answers, List<O> items) {
    R decoded;
    try {
      decoded = exchange.decode(request, answer.payload(), answer.provenance());
    } catch (UndecodableRecordException | SchemaRegistryException | IllegalArgumentException e) {
      return ReplyReading.unreadable(e);
    }
    if (decoded.items().size() != size) {
      return ReplyReading.failure(
          InferenceError.dataError(
              "the reply holds " + decoded.items().size() + " outcomes for " + size + " items"));
    }
    answers.add(decoded);
    items.addAll(decoded.items());
    return answer;
  }

  private static Provenance merged(List<? extends BatchReply<?>> answers) {
    Provenance slowest =
        answers.stream()
            .map(BatchReply::provenance)
            .max(
                Comparator.comparing(
                    provenance -> provenance.queueTime().plus(provenance.executionTime())))
            .orElseThrow();
    boolean mixed =
        slowest.cache() == CacheUse.HIT
            && answers.stream().anyMatch(answer -> answer.provenance().cache() != CacheUse.HIT);
    Optional<Provenance> other =
        answers.stream()
            .map(BatchReply::provenance)
            .filter(provenance -> mixed && provenance.cache() != CacheUse.HIT)
            .findFirst();
    return other.orElse(slowest);
  }
}
