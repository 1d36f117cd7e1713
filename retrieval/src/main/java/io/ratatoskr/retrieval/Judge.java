package io.ratatoskr.retrieval;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.PairTruncation;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks of each candidate whether the query follows from it. The candidates of one query go as
 * several records with the query as their common hypothesis, which different workers take; one that
 * fails leaves the other records' candidates judged.
 */
final class Judge {
  private final Ratatoskr ratatoskr;
  private final String model;
  private final RequestOptions options;

  Judge(Ratatoskr ratatoskr, String model, RequestOptions options) {
    this.ratatoskr = ratatoskr;
    this.model = model;
    this.options = options;
  }

  /** One judgement for each candidate, in their order. */
  CompletableFuture<List<Judgement>> judge(String query, List<Candidate> candidates) {
    List<CompletableFuture<List<Judgement>>> records = new ArrayList<>();
    for (int from = 0; from < candidates.size(); from += Limits.PAIRS) {
      List<Candidate> some =
          candidates.subList(from, Math.min(candidates.size(), from + Limits.PAIRS));
      records.add(record(query, some));
    }
    return CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
        .thenApply(_ -> records.stream().flatMap(record -> record.join().stream()).toList());
  }

  private CompletableFuture<List<Judgement>> record(String query, List<Candidate> candidates) {
    NliRequest request =
        NliRequest.of(
                model,
                candidates.stream()
                    .map(candidate -> new NliRequest.Pair(candidate.text(), query))
                    .toList())
            .withTruncation(PairTruncation.LONGEST_FIRST)
            .withOptions(options);
    return ratatoskr
        .nli(request)
        .handle((reply, failure) -> judgements(candidates.size(), reply, failure));
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
