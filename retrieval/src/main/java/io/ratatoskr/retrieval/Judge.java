package io.ratatoskr.retrieval;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.PairTruncation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Asks of each candidate whether the query follows from it. The candidates of one query go as
 * several records with the query as their common hypothesis, which different workers take; one that
 * fails leaves the other records' candidates judged. What failed for the time being is asked again.
 * Of a record that some of its candidates may have failed, such as one that took workers down, the
 * halves are asked, and theirs, until those candidates stand alone or it has been halved too often.
 *
 * <p>No more records are given to the client at once than keep any pool of workers busy. The others
 * wait here, where they are no more than the candidates that their queries hold anyway; the
 * client's queue is shorter than what some queries with thousands of candidates make.
 */
final class Judge {
  /** Records given to the client at once. */
  static final int RECORDS = 256;

  /**
   * How often a record is halved: enough for two bad candidates among 32. If all are, the query may
   * be to blame, and each further try might take workers from everybody.
   */
  static final int HALVINGS = 10;

  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;
  private final Time time;
  private final Room room = new Room(RECORDS);

  /** A query with the time by which it must be judged, in nanoseconds. */
  private record Case(String query, long deadline, BooleanSupplier abandoned) {}

  /** Candidates asked about together; those of one record share how often it may yet be halved. */
  private record Part(Case of, List<Candidate> candidates, int tries, AtomicInteger halvings) {
    Part part(int from, int to) {
      return new Part(of, candidates.subList(from, to), tries, halvings);
    }

    Part again(List<Integer> failed) {
      return new Part(of, failed.stream().map(candidates::get).toList(), tries + 1, halvings);
    }
  }

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
      records.add(judge(new Part(one, some, 1, new AtomicInteger(HALVINGS))));
    }
    return CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
        .thenApply(_ -> records.stream().flatMap(record -> record.join().stream()).toList());
  }

  private CompletableFuture<List<Judgement>> judge(Part part) {
    return room.enter(() -> ask(part.of, part.candidates))
        .thenCompose(
            reply -> judgeFailed(part, reply.items().stream().map(Judge::judgement).toList()))
        .exceptionallyCompose(failure -> judgeFailed(part, error(failure)));
  }

  private CompletableFuture<NliReply> ask(Case one, List<Candidate> record) {
    if (one.abandoned.getAsBoolean()) {
      return CompletableFuture.failedFuture(new CancellationException("nobody waits for it"));
    }
    Duration left = left(one);
    if (left.toMillis() <= 0) {
      return CompletableFuture.failedFuture(
          new RequestFailedException(
              InferenceError.expired(
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

  /** What becomes of candidates that failed together. */
  private CompletableFuture<List<Judgement>> judgeFailed(Part part, InferenceError error) {
    int count = part.candidates.size();
    if (count > 1
        && !error.isTransient()
        && error.code().mayComeOfItems()
        && left(part.of).isPositive()
        && part.halvings.getAndDecrement() > 0) {
      return judge(part.part(0, count / 2))
          .thenCombine(
              judge(part.part(count / 2, count)),
              (first, second) -> Stream.concat(first.stream(), second.stream()).toList());
    }
    return judgeFailed(part, Collections.nCopies(count, new Judgement.Unjudged(error)));
  }

  private CompletableFuture<List<Judgement>> judgeFailed(Part part, List<Judgement> found) {
    List<Integer> failed = new ArrayList<>();
    List<InferenceError> errors = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) instanceof Judgement.Unjudged(InferenceError error) && error.isTransient()) {
        failed.add(i);
        errors.add(error);
      }
    }
    Optional<Duration> pause = Retries.pause(errors, part.tries, left(part.of));
    if (pause.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    time.after(pause.get(), () -> later.complete(null));
    return later
        .thenCompose(_ -> judge(part.again(failed)))
        .thenApply(better -> {
          List<Judgement> all = new ArrayList<>(found);
          for (int i = 0; i < failed.size(); i++) {
            all.set(failed.get(i), better.get(i));
          }
          return all;
        });
  }

  private static InferenceError error(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RequestFailedException failed) {
      return failed.error();
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
