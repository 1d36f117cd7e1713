package io.ratatoskr.onnx;

import ai.onnxruntime.OrtException;
import io.ratatoskr.schemas.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** A model's tokenizer, session and callers, whatever its head: what every {@link OnnxModel} is. */
final class ModelRunner implements AutoCloseable {
  /** Inputs of this many tokens are run at load at most, to see that the model takes its limit. */
  private static final int LONGEST_WARM_UP = 512;

  private final ModelSpec spec;
  private final Head head;
  private final int specialTokens;
  private final InferenceConfig config;
  private final Files files;
  private final Callers callers;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param specialTokens tokens of a row that are not content; they don't weigh in a mean of parts
   */
  ModelRunner(Files files, ModelSpec spec, Head head, int specialTokens, InferenceConfig config) {
    this.files = files;
    this.spec = spec;
    this.head = head;
    this.specialTokens = specialTokens;
    this.config = config;
    this.callers = new Callers(files.session(), spec.id(), head, files.padding(), config);
  }

  /** The opened files of a model that has not run yet. */
  record Files(ModelFiles source, GraphTokenizer tokenizer, ModelSession session) {

    /**
     * Opens both, hands them over, and closes both where that fails.
     *
     * @throws ModelLoadException when a file cannot be used
     */
    static <M> M open(
        ModelFiles source,
        InferenceConfig config,
        Signature.Output output,
        Function<Files, M> use) {
      GraphTokenizer tokenizer = GraphTokenizer.load(source.tokenizer());
      try {
        ModelSession session = ModelSession.open(source.model(), config, output);
        try {
          return use.apply(new Files(source, tokenizer, session));
        } catch (RuntimeException e) {
          session.close();
          throw e;
        }
      } catch (RuntimeException e) {
        tokenizer.close();
        throw e;
      }
    }

    /**
     * How rows are padded. A graph that pools by itself may count on its tokenizer's side, as one
     * that takes the last position does. Otherwise a text's tokens stand first, where they stand
     * alone: that is right for graphs that count positions or mask earlier tokens by themselves.
     */
    Padding padding() {
      boolean left =
          session.signature().pooled() && source.padsLeft().orElseGet(tokenizer::padsLeft);
      return new Padding(tokenizer.padId(), left);
    }

    /**
     * Runs the graph for the first time, at the edges of what it must take.
     *
     * @param some an ordinary input
     * @return numbers that the graph gives for a token, or for a row where it pools by itself
     */
    int warmUp(Encoded some, int maxTokens, int specialTokens) {
      String id = source.id();
      if (maxTokens <= specialTokens) {
        throw new ModelLoadException(
            ModelLoadException.Reason.SETTINGS,
            "Model %s: a limit of %d tokens leaves no room beside the special ones."
                .formatted(id, maxTokens));
      }
      BatchRunner runner = new BatchRunner(session, padding());
      int width =
          check(
              runner,
              List.of(some, some),
              ModelLoadException.Reason.WARM_UP,
              "Model %s: the first inference failed".formatted(id));
      check(
          runner,
          List.of(Encoded.repeat(tokenizer.highestId(), some.length())),
          ModelLoadException.Reason.VOCABULARY,
          "Model %s has no vector for token %d of its tokenizer; model and tokenizer do not belong together"
              .formatted(id, tokenizer.highestId()));
      check(
          runner,
          List.of(Encoded.repeat(some.id(0), Math.min(maxTokens, LONGEST_WARM_UP))),
          ModelLoadException.Reason.SETTINGS,
          "Model %s does not take its own limit of tokens, %d".formatted(id, maxTokens));
      return width;
    }

    private static int check(
        BatchRunner runner, List<Encoded> rows, ModelLoadException.Reason reason, String message) {
      try {
        return runner.width(rows);
      } catch (OrtException e) {
        throw new ModelLoadException(reason, message + ": " + e.getMessage(), e);
      }
    }
  }

  GraphTokenizer tokenizer() {
    return files.tokenizer();
  }

  /**
   * Tokenises while the tokenizer cannot be closed.
   *
   * @throws ModelClosedException after {@link #close}
   */
  Tokenised prepare(Supplier<List<Tokenised.Item>> items) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new ModelClosedException(spec.id());
      }
      return new Tokenised(spec, items.get());
    } finally {
      open.readLock().unlock();
    }
  }

  /** {@link OnnxModel#submitAll}. */
  List<CompletableFuture<List<ItemResult>>> submitAll(List<Tokenised> requests, Lane lane) {
    List<CompletableFuture<List<ItemResult>>> futures = new ArrayList<>(requests.size());
    List<Submission.Row> rows = new ArrayList<>();
    for (Tokenised request : requests) {
      if (!request.spec().equals(spec)) {
        throw new IllegalArgumentException(
            "Inputs prepared for model %s cannot run on %s.".formatted(request.spec(), spec));
      }
      Submission submission = new Submission(request, head, specialTokens);
      futures.add(submission.future());
      rows.addAll(submission.start());
    }
    if (!callers.offer(lane, rows)) {
      futures.forEach(future -> future.completeExceptionally(new ModelClosedException(spec.id())));
    }
    return futures;
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      callers.close();
      files.session().close();
      files.tokenizer().close();
    } finally {
      open.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "%s, %s".formatted(spec, config);
  }
}
