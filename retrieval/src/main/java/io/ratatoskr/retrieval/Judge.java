package io.ratatoskr.retrieval;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.PairTruncation;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks of each candidate whether the query follows from it. The candidates of one query go as
 * several records with the query as their common hypothesis, which different workers take; one that
 * fails leaves the other records' candidates judged. What failed for the time being is asked again.
 *
 * <p>No more records are given to the client at once than keep any pool of workers busy. The others
 * wait here, where they are no more than the candidates that their queries hold anyway; the
 * client's queue is shorter than what some queries with thousands of candidates make.
 */
final class Judge {
  /** Records given to the client at once. */
  static final int RECORDS = 256;

  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;
  private final Time time;
  private final Room room = new Room(RECORDS);

  /** A query with the time by which it must be judged, in nanoseconds. */
  private record Case(String query, long deadline, BooleanSupplier abandoned) {}

  Judge(Ratatoskr ratatoskr, String model, RequestOptions options, Time time) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.options = options;
    this.time = time;
  }

  /**
   * One judgement for each candidate, in their order, within the options' timeout.
   *
   * @param abandoned whether nobody waits for the rest of them any more
   */
  CompletableFuture<List<Judgement>> judge(
      String query, List<Candidate> candidates, BooleanSupplier abandoned) {
    Case one = new Case(query, time.nanos() + options.timeout().toNanos(), abandoned);
    List<CompletableFuture<List<Judgement>>> records = new ArrayList<>();
    for (int from = 0; from < candidates.size(); from += Limits.PAIRS) {
      List<Candidate> some =
          candidates.subList(from, Math.min(candidates.size(), from + Limits.PAIRS));
      records.add(judge(one, some, 1));
    }
    return CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
        .thenApply(_ -> records.stream().flatMap(record -> record.join().stream()).toList());
  }

  private CompletableFuture<List<Judgement>> judge(Case one, List<Candidate> record, int tries) {
    return room.enter(() -> ask(one, record))
        .handle((reply, failure) -> judgements(record.size(), reply, failure))
        .thenCompose(found -> judgeFailed(one, record, tries, found));
  }

  private CompletableFuture<NliReply> ask(Case one, List<Candidate> record) {
    if (one.abandoned.getAsBoolean()) {
      return CompletableFuture.failedFuture(new CancellationException("nobody waits for it"));
    }
    Duration left = left(one);
    if (left.toMillis() <= 0) {
      return CompletableFuture.failedFuture(
          new RequestFailedException(
              new InferenceError.Expired(
                  "its turn did not come within " + options.timeout().toMillis() / 1000.0 + " s")));
    }
    return ratatoskr.nli(
        NliRequest.of(
                model,
                record.stream()
                    .map(candidate -> new NliRequest.Pair(candidate.text(), one.query))
                    .toList())
            .withTruncation(PairTruncation.LONGEST_FIRST)
            .withOptions(options.withTimeout(left)));
  }

  private Duration left(Case one) {
    return Duration.ofNanos(one.deadline - time.nanos());
  }

  private CompletableFuture<List<Judgement>> judgeFailed(
      Case one, List<Candidate> record, int tries, List<Judgement> found) {
    List<Integer> failed = new ArrayList<>();
    List<InferenceError> errors = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) instanceof Judgement.Unjudged(InferenceError error) && error.isTransient()) {
        failed.add(i);
        errors.add(error);
      }
    }
    Optional<Duration> pause = Retries.pause(errors, tries, left(one));
    if (pause.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    time.after(pause.get(), () -> later.complete(null));
    List<Candidate> again = failed.stream().map(record::get).toList();
    return later
        .thenCompose(_ -> judge(one, again, tries + 1))
        .thenApply(better -> {
          List<Judgement> all = new ArrayList<>(found);
          for (int i = 0; i < failed.size(); i++) {
            all.set(failed.get(i), better.get(i));
          }
          return all;
        });
  }

  private static List<Judgement> judgements(
      int count, @Nullable NliReply reply, @Nullable Throwable failure) {
    if (reply != null) {
      return reply.items().stream().map(Judge::judgement).toList();
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RequestFailedException failed) {
      return Collections.nCopies(count, new Judgement.Unjudged(failed.error()));
    }
    // The pipeline is gone: no judgement, and no candidate either, can be had.
    throw new CompletionException(cause);
  }

  private static Judgement judgement(NliReply.ItemOutcome item) {
    return switch (item) {
      case NliReply.Scored scored ->
          new Judgement.Judged(
              scored.entailment(),
              scored.neutral(),
              scored.contradiction(),
              scored.label(),
              scored.truncated());
      case NliReply.Failed failed -> new Judgement.Unjudged(failed.error());
    };
  }
}
