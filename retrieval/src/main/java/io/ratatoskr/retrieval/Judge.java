package io.ratatoskr.retrieval;

import io.ratatoskr.client.Asker;
import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.Time;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.PairTruncation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Asks of each candidate whether the query follows from it. The candidates of one query go as
 * several records with the query as their common hypothesis, which different workers take; one that
 * fails leaves the other records' candidates judged. What failed for the time being is asked again,
 * within the query's timeout. A record that some of its candidates may have failed, such as one
 * that took workers down, is halved, until those candidates stand alone or it has been halved too
 * often.
 *
 * <p>No more records are given to the client at once than keep any pool of workers busy. The others
 * wait here, where they are no more than the candidates that their queries hold anyway; the
 * client's queue is shorter than what some queries with thousands of candidates make.
 */
final class Judge {
  /** Records given to the client at once. */
  static final int RECORDS = 256;

  /**
   * How often a record is halved: enough for two bad items among 32. If all are, something else may
   * be to blame, such as the query, and each further try might take workers from everybody.
   */
  static final int HALVINGS = 10;

  private static final int TRIES = 4;

  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;
  private final Time time;
  private final Asker<Pair, Judgement> asker;

  /** A query and its candidates, by place. */
  private static final class Case {
    private final String query;
    private final List<Candidate> candidates;
    private final long deadlineNanos;
    private final CompletableFuture<?> wanted;
    private final AtomicReferenceArray<Judgement> found;
    private final AtomicInteger open;
    private final CompletableFuture<List<Judgement>> judged = new CompletableFuture<>();

    Case(
        String query, List<Candidate> candidates, long deadlineNanos, CompletableFuture<?> wanted) {
      this.query = query;
      this.candidates = candidates;
      this.deadlineNanos = deadlineNanos;
      this.wanted = wanted;
      this.found = new AtomicReferenceArray<>(candidates.size());
      this.open = new AtomicInteger(candidates.size());
    }

    /** Takes a candidate's judgement, which it gets once. */
    void judge(int place, Judgement judgement) {
      found.set(place, judgement);
      if (open.decrementAndGet() == 0) {
        judged.complete(IntStream.range(0, candidates.size()).mapToObj(found::get).toList());
      }
    }
  }

  /** A query with the candidate at a place. */
  private record Pair(Case of, int place) {
    NliRequest.Pair asked() {
      return new NliRequest.Pair(of.candidates.get(place).text(), of.query);
    }
  }

  private final class Records implements Asker.Job<Pair, Judgement> {
    @Override
    public CompletableFuture<List<Outcome<Judgement>>> ask(List<Pair> record) {
      Case one = record.getFirst().of;
      if (one.judged.isDone() || one.wanted.isDone()) {
        return CompletableFuture.failedFuture(new CancellationException("nobody waits for it"));
      }
      Duration left = left(one);
      if (left.toMillis() <= 0) {
        return CompletableFuture.failedFuture(
            new RequestFailedException(
                InferenceError.expired(
                    "its turn did not come within "
                        + options.timeout().toMillis() / 1000.0
                        + " s")));
      }
      CompletableFuture<NliReply> reply =
          ratatoskr.nli(
              NliRequest.of(model, record.stream().map(Pair::asked).toList())
                  .withTruncation(PairTruncation.LONGEST_FIRST)
                  .withOptions(options.withTimeout(left)));
      var _ = one.wanted.whenComplete((_, _) -> reply.cancel(false));
      return Outcome.of(reply, there -> Outcome.of(there, Judge::judgement));
    }

    @Override
    public Verdict verdict(List<Pair> record, Asker.Failure failure) {
      Duration left = left(record.getFirst().of);
      InferenceError error = failure.error();
      if (error.isTransient()) {
        return failure.tries() < TRIES && failure.pause().compareTo(left) < 0
            ? new Verdict.Again()
            : new Verdict.GiveUp();
      }
      return error.code().mayComeOfItems() && left.isPositive()
          ? new Verdict.Split()
          : new Verdict.GiveUp();
    }

    @Override
    public int halvings() {
      return HALVINGS;
    }

    @Override
    public void settled(List<Pair> pairs, List<Outcome<Judgement>> outcomes) {
      for (int i = 0; i < pairs.size(); i++) {
        Pair pair = pairs.get(i);
        pair.of.judge(
            pair.place,
            switch (outcomes.get(i)) {
              case Outcome.Answered<Judgement> answered -> answered.answer();
              case Outcome.Failed<Judgement> failed -> new Judgement.Unjudged(failed.error());
            });
      }
    }

    /** The pipeline is gone: no judgement, and no candidate either, can be had. */
    @Override
    public void lost(List<Pair> record, Throwable reason) {
      record.getFirst().of.judged.completeExceptionally(new CompletionException(reason));
    }
  }

  Judge(Ratatoskr ratatoskr, String model, RequestOptions options, Backoff backoff, Time time) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.options = options;
    this.time = time;
    this.asker = new Asker<>(new Records(), RECORDS, backoff, time);
  }

  /**
   * One judgement for each candidate, in their order, within the options' timeout.
   *
   * @param wanted once it is complete nobody waits for the rest of them, and what is asked is
   *     cancelled
   */
  CompletableFuture<List<Judgement>> judge(
      String query, List<Candidate> candidates, CompletableFuture<?> wanted) {
    if (candidates.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    Case one = new Case(query, candidates, time.nanos() + options.timeout().toNanos(), wanted);
    for (int from = 0; from < candidates.size(); from += Limits.PAIRS) {
      asker.add(
          IntStream.range(from, Math.min(candidates.size(), from + Limits.PAIRS))
              .mapToObj(place -> new Pair(one, place))
              .toList());
    }
    return one.judged;
  }

  private Duration left(Case one) {
    return Duration.ofNanos(one.deadlineNanos - time.nanos());
  }

  private static Judgement judgement(NliReply.ItemOutcome item) {
    NliReply.Scored scored = (NliReply.Scored) item;
    return new Judgement.Judged(
        scored.entailment(),
        scored.neutral(),
        scored.contradiction(),
        scored.label(),
        scored.truncated());
  }
}
