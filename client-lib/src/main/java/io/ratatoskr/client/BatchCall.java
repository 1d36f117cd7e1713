package io.ratatoskr.client;

import io.ratatoskr.client.Provenance.CacheUse;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
  private final Map<Integer, R> answers = new HashMap<>();
  private final Map<Integer, RatatoskrException> failures = new HashMap<>();

  BatchCall(Exchange<Q, I, O, R> exchange, Q request) {
    this.exchange = exchange;
    this.request = request;
    RequestOptions options = request.options();
    boolean perItem = options.lane() == Lane.INTERACTIVE && options.cache() != CacheMode.OFF;
    this.parts = cut(perItem ? 1 : exchange.recordItems(request));
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

  /** Refuses a request whose record is too large for its topic. */
  static void refuseAbove(long bytes) {
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

  /**
   * The reader of a part's answer; fails with {@link RequestFailedException} where it holds too few
   * outcomes, or too many.
   */
  Call.Reader<R> reader(int part) {
    int size = parts.get(part).size();
    return answer -> {
      R decoded = exchange.decode(answer.payload(), answer.provenance());
      exchange.check(request, decoded);
      if (decoded.items().size() != size) {
        throw new RequestFailedException(
            InferenceError.dataError(
                "the reply holds " + decoded.items().size() + " outcomes for " + size + " items"));
      }
      return decoded;
    };
  }

  /** Takes the outcome of one part, when it is there; with the last one the batch is complete. */
  void join(int part, Call<R> call) {
    var unused =
        call.reply()
            .whenComplete((answer, failure) -> {
              synchronized (this) {
                if (failure instanceof RatatoskrException failed) {
                  failures.put(part, failed);
                } else {
                  answers.put(part, answer);
                }
              }
              ended();
            });
  }

  private synchronized boolean isComplete() {
    return answers.size() + failures.size() == parts.size();
  }

  private void ended() {
    if (!isComplete()) {
      return;
    }
    try {
      reply.complete(joined());
    } catch (RatatoskrException e) {
      reply.completeExceptionally(e);
    }
  }

  private synchronized R joined() {
    List<R> answered = new ArrayList<>();
    List<O> items = new ArrayList<>();
    RatatoskrException first = null;
    for (int part = 0; part < parts.size(); part++) {
      R answer = answers.get(part);
      if (answer != null) {
        answered.add(answer);
        items.addAll(answer.items());
        continue;
      }
      RatatoskrException failure = Objects.requireNonNull(failures.get(part));
      if (!(failure instanceof RequestFailedException refused)) {
        throw failure;
      }
      first = first == null ? refused : first;
      items.addAll(Collections.nCopies(parts.get(part).size(), exchange.failed(refused.error())));
    }
    if (answered.isEmpty()) {
      throw Objects.requireNonNull(first);
    }
    return exchange.join(answered, items, merged(answered));
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
