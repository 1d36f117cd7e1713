package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine for tests and load runs: an embedding is a vector drawn from the hash of its text, so
 * equal texts have equal vectors in every process. What a text begins with makes it misbehave.
 */
public final class HashEngine implements Engine<List<String>> {
  /** The only model. */
  public static final String MODEL = "hash";

  /** Ends the process at once, as a crash of native code would. */
  public static final String CRASH = "crash:";

  /** Is refused. */
  public static final String REFUSE = "refuse:";

  /** Fails for now. */
  public static final String RETRY = "retry:";

  /** Makes the engine throw while it prepares. */
  public static final String THROW = "throw:";

  /** Never ends. */
  public static final String HANG = "hang:";

  /** Is to run with nothing beside it; see {@link #crowded()}. */
  public static final String ALONE = "alone:";

  private static final int CRASH_STATUS = 137;

  private final int dimensions;
  private final Duration costPerItem;
  private final ExecutorService threads;
  private final Codec<EmbedRequest> requests;
  private final Codec<EmbedReply> replies;
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Queue<String> crowded = new ConcurrentLinkedQueue<>();
  private volatile ServedModel.Readiness readiness = ServedModel.Readiness.READY;

  /**
   * @param ids schema ids of requests and replies
   * @param dimensions length of its vectors
   * @param costPerItem time that a thread spends on one text; zero runs on the caller's thread
   * @param threads how many texts it computes at once
   */
  public HashEngine(SchemaIds ids, int dimensions, Duration costPerItem, int threads) {
    this.requests = Codec.of(EmbedRequest.class, ids);
    this.replies = Codec.of(EmbedReply.class, ids);
    this.dimensions = dimensions;
    this.costPerItem = costPerItem;
    this.threads =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("hash-", 0).factory());
  }

  /** Costs nothing. */
  public static HashEngine free() {
    return free(SchemaIds.derived());
  }

  /** Costs nothing, and has those schema ids. */
  public static HashEngine free(SchemaIds ids) {
    return new HashEngine(ids, 8, Duration.ZERO, 1);
  }

  /** Takes that long for each text, one after another. */
  public static HashEngine costing(Duration perItem) {
    return new HashEngine(SchemaIds.derived(), 8, perItem, 1);
  }

  /** Sets the state of its model. */
  public void become(ServedModel.Readiness state) {
    readiness = state;
  }

  /** The texts that were run, in order. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  /** The texts that began beside an {@link #ALONE} one, or were one and began beside others. */
  public List<String> crowded() {
    return List.copyOf(crowded);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.EMBED);
  }

  @Override
  public List<ServedModel> models() {
    return List.of(new ServedModel(MODEL, readiness, null, "1", "hash-1", dimensions, 256));
  }

  @Override
  public Prepared<List<String>> prepare(Work work) {
    List<String> texts = new ArrayList<>();
    requests
        .decode(work.payload(), work.schema())
        .getItems()
        .forEach(item -> texts.add(((Text) item.getContent()).getText()));
    String first = texts.getFirst();
    if (first.startsWith(REFUSE)) {
      return settled(new Outcome.Rejected(InferenceError.invalidInput("refused")));
    }
    if (first.startsWith(RETRY)) {
      return settled(new Outcome.Retryable(InferenceError.overloaded("busy")));
    }
    if (first.startsWith(THROW)) {
      throw new IllegalStateException("thrown while preparing");
    }
    return new Prepared.Ready<>(texts, texts.size());
  }

  private static Prepared<List<String>> settled(Outcome outcome) {
    return new Prepared.Settled<>(outcome);
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<List<String>>> runs, Lane lane) {
    return runs.stream().map(run -> start(run.task())).toList();
  }

  private CompletableFuture<Outcome> start(List<String> texts) {
    if (texts.getFirst().startsWith(HANG)) {
      seen.addAll(texts);
      return new CompletableFuture<>();
    }
    return costPerItem.isZero()
        ? CompletableFuture.completedFuture(answer(texts))
        : CompletableFuture.supplyAsync(() -> answer(texts), threads);
  }

  private Outcome answer(List<String> texts) {
    List<Object> vectors = new ArrayList<>();
    for (String text : texts) {
      seen.add(text);
      running.add(text);
      if (running.size() > 1 && running.stream().anyMatch(other -> other.startsWith(ALONE))) {
        crowded.add(text);
      }
      if (text.startsWith(CRASH)) {
        Runtime.getRuntime().halt(CRASH_STATUS);
      }
      long end = System.nanoTime() + costPerItem.toNanos();
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      running.remove(text);
      int tokens = text.length();
      vectors.add(new Embedding(Float32.encode(vector(text, dimensions)), tokens, tokens, false));
    }
    EmbedReply reply = new EmbedReply(MODEL, "hash-1", dimensions, vectors);
    return new Outcome.Answered(
        replies.encode(reply), new Outcome.Answerer("hash", MODEL, "1", false));
  }

  /** The vector of a text: of length 1, the same everywhere. */
  public static float[] vector(String text, int dimensions) {
    SplittableRandom random = new SplittableRandom(ByteBuffer.wrap(sha256(text)).getLong());
    float[] vector = new float[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (random.nextDouble() * 2 - 1);
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return vector;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
