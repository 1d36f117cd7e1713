package io.ratatoskr.onnx;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A loaded embedding model: texts in, vectors out. Safe for many threads.
 *
 * <p>Tokenising ({@link #prepare}) happens on the calling thread, inference on the embedder's own.
 * So a thread that prepares its next texts while the last ones run keeps the callers busy.
 */
public final class Embedder implements AutoCloseable {
  /** A text of this many tokens is run at load at most, to see that the model takes its limit. */
  private static final int LONGEST_WARM_UP = 512;

  private final ModelSpec spec;
  private final InferenceConfig config;
  private final Tokenizer tokenizer;
  private final ModelSession session;
  private final Callers callers;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  private Embedder(
      ModelSpec spec, InferenceConfig config, Tokenizer tokenizer, ModelSession session) {
    this.spec = spec;
    this.config = config;
    this.tokenizer = tokenizer;
    this.session = session;
    this.callers = new Callers(session, spec, tokenizer.padId(), config);
  }

  /**
   * Loads a model and runs it once.
   *
   * @throws ModelLoadException when it cannot be used, saying why
   */
  public static Embedder load(ModelFiles files, InferenceConfig config) {
    Tokenizer tokenizer = Tokenizer.load(files.tokenizer());
    try {
      ModelSession session = ModelSession.open(files.model(), config);
      try {
        return new Embedder(specOf(files, tokenizer, session), config, tokenizer, session);
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static ModelSpec specOf(ModelFiles files, Tokenizer tokenizer, ModelSession session) {
    ModelSettings settings = files.settings();
    Pooling pooling = session.signature().pooled() ? Pooling.GRAPH : settings.pooling();
    if (settings.maxTokens() <= tokenizer.frame().size()) {
      throw new ModelLoadException(
          ModelLoadException.Reason.SETTINGS,
          "Model %s: a limit of %d tokens leaves no room beside the special ones."
              .formatted(files.id(), settings.maxTokens()));
    }
    int dimensions = warmUp(files, tokenizer, session);
    return new ModelSpec(
        files.id(),
        files.revision(),
        pooling,
        settings.normalise(),
        dimensions,
        settings.maxTokens(),
        settings.queryPrefix(),
        settings.documentPrefix());
  }

  private static int warmUp(ModelFiles files, Tokenizer tokenizer, ModelSession session) {
    BatchRunner runner = new BatchRunner(session, Pooling.CLS, tokenizer.padId());
    Encoded some = tokenizer.encode("a");
    Encoded highest = Encoded.repeat(tokenizer.highestId(), some.length());
    int longest = Math.min(files.settings().maxTokens(), LONGEST_WARM_UP);
    int dimensions =
        check(
            runner,
            List.of(some, some),
            ModelLoadException.Reason.WARM_UP,
            "Model %s: the first inference failed".formatted(files.id()));
    check(
        runner,
        List.of(highest),
        ModelLoadException.Reason.VOCABULARY,
        "Model %s has no vector for token %d of its tokenizer; model and tokenizer do not belong together"
            .formatted(files.id(), tokenizer.highestId()));
    check(
        runner,
        List.of(Encoded.repeat(some.id(0), longest)),
        ModelLoadException.Reason.SETTINGS,
        "Model %s does not take its own limit of tokens, %d"
            .formatted(files.id(), files.settings().maxTokens()));
    return dimensions;
  }

  private static int check(
      BatchRunner runner, List<Encoded> rows, ModelLoadException.Reason reason, String message) {
    try {
      return runner.dimensions(rows);
    } catch (OrtException e) {
      throw new ModelLoadException(reason, message + ": " + e.getMessage(), e);
    }
  }

  /** What the model is. */
  public ModelSpec spec() {
    return spec;
  }

  /**
   * Tokenises texts, each once; cheap beside inference.
   *
   * @throws EmbedderClosedException after {@link #close}
   */
  public Prepared prepare(List<String> texts, InputType type, Truncation truncation) {
    String prefix = spec.prefix(type);
    open.readLock().lock();
    try {
      if (closed) {
        throw new EmbedderClosedException(spec.id());
      }
      List<Prepared.Item> items = new ArrayList<>(texts.size());
      for (String text : texts) {
        items.add(
            Prepared.item(
                tokenizer.encode(prefix + text), tokenizer.frame(), spec.maxTokens(), truncation));
      }
      return new Prepared(spec, items);
    } finally {
      open.readLock().unlock();
    }
  }

  /** {@link #submitAll} of one. */
  public CompletableFuture<List<ItemResult>> submit(Prepared prepared, Priority priority) {
    return submitAll(List.of(prepared), priority).getFirst();
  }

  /**
   * Queues texts. Batches are formed over all of them, longest first, whichever request they belong
   * to; each request completes as soon as its own texts are done. Returns at once and holds
   * whatever is submitted: the caller bounds what it has under way.
   *
   * <p>Cancelling a future withdraws its texts that have not run yet. What depends on a future runs
   * on an inference thread and must not block.
   *
   * @throws IllegalArgumentException when a request was prepared for another model
   * @return for each request, in order, a future of its results in the order of its texts; it fails
   *     with {@link EmbedderClosedException} only, every other failure is an {@link ItemResult}
   */
  public List<CompletableFuture<List<ItemResult>>> submitAll(
      List<Prepared> requests, Priority priority) {
    List<CompletableFuture<List<ItemResult>>> futures = new ArrayList<>(requests.size());
    List<Submission.Row> rows = new ArrayList<>();
    for (Prepared request : requests) {
      if (!request.spec().equals(spec)) {
        throw new IllegalArgumentException(
            "Texts prepared for model %s cannot run on %s.".formatted(request.spec(), spec));
      }
      Submission submission = new Submission(request, spec, tokenizer.frame());
      futures.add(submission.future());
      rows.addAll(submission.start());
    }
    int[] lengths = rows.stream().mapToInt(row -> row.tokens().length()).toArray();
    List<List<Submission.Row>> batches =
        Batches.cut(lengths, config.batchTokens()).stream()
            .map(batch -> batch.stream().map(rows::get).toList())
            .toList();
    if (!callers.offer(priority, batches)) {
      futures.forEach(
          future -> future.completeExceptionally(new EmbedderClosedException(spec.id())));
    }
    return futures;
  }

  /** Lets running batches end, fails what waits with {@link EmbedderClosedException}. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      callers.close();
      session.close();
      tokenizer.close();
    } finally {
      open.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "Embedder[%s, %s, space %s]".formatted(spec, config, spec.spaceId());
  }
}
