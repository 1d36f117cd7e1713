package io.ratatoskr.retrieval;

import io.ratatoskr.client.Backoff;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.Time;
import io.ratatoskr.retrieval.RetrievalException.Closed;
import io.ratatoskr.retrieval.RetrievalException.SpaceMismatch;
import io.ratatoskr.retrieval.RetrievalException.TooManyQueries;
import io.ratatoskr.retrieval.StageTimes.Stage;
import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries in two stages: the nearest texts by embedding, then those of them that an NLI
 * model lets through, ranked by both. Asynchronous and thread-safe; thousands of queries may be
 * given at once.
 *
 * <pre>
 *   retrieve → wait for room → EMBED (batched with other queries) → SEARCH (own threads)
 *            → JUDGE (claims; records of 32 pairs, side by side) → fuse, rank, cut
 * </pre>
 *
 * <p>A query holds its place from EMBED to the end, so that what is in memory is bounded; queries
 * in different stages work side by side. Nothing is cached.
 */
public final class TwoStageRetrieval implements AutoCloseable {
  private final CorpusIndex index;
  private final RetrievalConfig config;
  private final Time time;
  private final QueryEmbedder embedder;
  private final Judge judge;
  private final Fusion fusion;
  private final StageTimes times;
  private final ExecutorService search;
  private final Deque<Run> waiting = new ArrayDeque<>();
  private final Set<Run> underWay = new HashSet<>();
  private boolean closed;

  private TwoStageRetrieval(
      Ratatoskr ratatoskr, CorpusIndex index, RetrievalConfig config, Time time) {
    this.index = index;
    this.config = config;
    this.time = time;
    this.embedder =
        new QueryEmbedder(
            ratatoskr,
            config.embedModel(),
            config.options(),
            this::requireSpace,
            Backoff.standard(),
            time);
    this.judge =
        new Judge(ratatoskr, config.nliModel(), config.options(), Backoff.standard(), time);
    this.fusion = new Fusion(config);
    this.times = new StageTimes(time::nanos);
    this.search =
        Executors.newFixedThreadPool(
            config.load().searchThreads(),
            Thread.ofPlatform().daemon().name("retrieval-search-", 0).factory());
  }

  /**
   * Asks each model that it needs one question, and is ready when all have answered. So a wrong
   * model shows before any work is done.
   *
   * @param ratatoskr stays the caller's to close, after this
   * @param index stays the caller's to close, after this
   * @return fails with {@link SpaceMismatch} where queries are embedded into another space than the
   *     corpus, and with what the pipeline answers where it cannot serve a model
   */
  public static CompletableFuture<TwoStageRetrieval> open(
      Ratatoskr ratatoskr, CorpusIndex index, RetrievalConfig config) {
    return open(ratatoskr, index, config, Time.system());
  }

  static CompletableFuture<TwoStageRetrieval> open(
      Ratatoskr ratatoskr, CorpusIndex index, RetrievalConfig config, Time time) {
    TwoStageRetrieval retrieval = new TwoStageRetrieval(ratatoskr, index, config, time);
    CompletableFuture<float[]> embeds = retrieval.embedder.embed("Which space is this?");
    CompletableFuture<List<Judgement>> judges =
        config.judging() == Judging.NEVER
            ? CompletableFuture.completedFuture(List.of(new Judgement.NotAsked()))
            : retrieval.judge.judge(
                "It rains.",
                List.of(new Candidate("", "It rains hard.", 1)),
                new CompletableFuture<>());
    return embeds
        .thenCombine(
            judges,
            (_, judgements) -> {
              if (judgements.getFirst() instanceof Judgement.Unjudged(InferenceError error)) {
                throw new RequestFailedException(error);
              }
              return retrieval;
            })
        .whenComplete((_, failure) -> {
          if (failure != null) {
            retrieval.close();
          }
        });
  }

  private void requireSpace(EmbedReply reply) {
    if (index.size() > 0 && !reply.spaceId().equals(index.spaceId())) {
      throw new SpaceMismatch(index.spaceId(), index.model(), reply.spaceId(), reply.model());
    }
  }

  /** A query on its way. Times are in nanoseconds. */
  private final class Run {
    private final Query query;
    private final CompletableFuture<Retrieval> result = new CompletableFuture<>();
    private final long asked = time.nanos();
    private long entered;
    private Duration waited = Duration.ZERO;
    private Duration embed = Duration.ZERO;
    private Duration searched = Duration.ZERO;

    Run(Query query) {
      this.query = query;
    }

    void start() {
      entered = times.enter(Stage.EMBED);
      waited = Duration.ofNanos(Math.max(0, entered - asked));
      var _ =
          embedder
              .embed(query.text())
              .whenComplete((_, _) -> embed = times.leave(Stage.EMBED, entered))
              .thenApplyAsync(this::search, search)
              .thenCompose(this::judge)
              .whenComplete((retrieval, failure) -> end(this, retrieval, failure));
    }

    private List<Candidate> search(float[] vector) {
      entered = times.enter(Stage.SEARCH);
      try {
        return result.isDone() ? List.of() : index.nearest(vector, config.depth().top());
      } finally {
        searched = times.leave(Stage.SEARCH, entered);
      }
    }

    private CompletableFuture<Retrieval> judge(List<Candidate> candidates) {
      if (!config.judging().judges(query)) {
        return CompletableFuture.completedFuture(
            new Retrieval(
                query,
                fusion.hits(
                    candidates, Collections.nCopies(candidates.size(), new Judgement.NotAsked())),
                candidates.size(),
                false,
                0,
                new Retrieval.Timings(waited, embed, searched, Duration.ZERO)));
      }
      entered = times.enter(Stage.JUDGE);
      return judge
          .judge(query.text(), candidates, result)
          .handle((judgements, failure) -> {
            Duration judged = times.leave(Stage.JUDGE, entered);
            if (failure != null) {
              throw new CompletionException(failure);
            }
            return new Retrieval(
                query,
                fusion.hits(candidates, judgements),
                candidates.size(),
                true,
                (int) judgements.stream().filter(Judgement.Unjudged.class::isInstance).count(),
                new Retrieval.Timings(waited, embed, searched, judged));
          });
    }
  }

  /**
   * Answers a query.
   *
   * @return fails with {@link RequestFailedException} where the query cannot be embedded (empty,
   *     too long), with {@link TooManyQueries} where too many wait, and with what the client's
   *     futures fail with where the pipeline is gone. Cancelling it ends the query's work where it
   *     stands.
   */
  public CompletableFuture<Retrieval> retrieve(Query query) {
    if (query.text().isBlank()) {
      return CompletableFuture.failedFuture(
          new RequestFailedException(InferenceError.invalidInput("the query is empty")));
    }
    Run run = new Run(query);
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(new Closed());
      }
      if (underWay.size() >= config.load().inFlight()) {
        if (waiting.size() >= config.load().waiting()) {
          return CompletableFuture.failedFuture(new TooManyQueries(waiting.size()));
        }
        waiting.add(run);
        return run.result;
      }
      underWay.add(run);
    }
    run.start();
    return run.result;
  }

  private void end(Run run, @Nullable Retrieval retrieval, @Nullable Throwable failure) {
    Run next;
    synchronized (this) {
      underWay.remove(run);
      next = waiting.pollFirst();
      while (next != null && next.result.isDone()) {
        next = waiting.pollFirst();
      }
      if (next != null) {
        underWay.add(next);
      }
    }
    if (next != null) {
      startOnOwnThread(next);
    }
    if (retrieval != null) {
      run.result.complete(retrieval);
    } else {
      run.result.completeExceptionally(
          failure == null ? new IllegalStateException("no answer") : FutureFailure.cause(failure));
    }
  }

  /**
   * Starts a run, but not on the thread that ended another: failures that come at once would nest
   * without end.
   */
  private void startOnOwnThread(Run run) {
    try {
      search.execute(run::start);
    } catch (RejectedExecutionException e) {
      run.result.completeExceptionally(new Closed());
    }
  }

  /** How long queries were in each stage so far, the question of {@link #open} excepted. */
  public StageTimes times() {
    return times;
  }

  /** Fails what is not answered yet with {@link Closed}. */
  @Override
  public void close() {
    Set<Run> open = new HashSet<>();
    synchronized (this) {
      closed = true;
      open.addAll(underWay);
      open.addAll(waiting);
      waiting.clear();
    }
    search.shutdown();
    open.forEach(run -> run.result.completeExceptionally(new Closed()));
  }
}
