package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RatatoskrException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends records, no more at once than configured, and sends again what failed for the time being:
 * after half a second, twice as long each time, at most 30 s. A record that keeps failing while
 * others are answered is split, down to single texts, which then get error lines; while nothing is
 * answered, the job waits for as long as its patience lasts.
 *
 * <p>Used by the job's thread; only the queue of completions is filled by the client's.
 */
final class Dispatcher {
  private static final int TRIES = 8;
  private static final long FIRST_DELAY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_DELAY_NANOS = Duration.ofSeconds(30).toNanos();

  private final JobConfig config;
  private final Ratatoskr ratatoskr;
  private final LongSupplier nanoTime;
  private final Deque<Batch> ready = new ArrayDeque<>();
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNanos));
  private final Map<Batch, CompletableFuture<EmbedReply>> inFlight = new HashMap<>();
  private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
  private long lastAnswer;

  /**
   * Texts of a window that travel together. Compared by identity: texts stand in one batch at a
   * time.
   */
  private static final class Batch {
    private final Window window;
    private final int[] texts;
    private final int failures;
    private final long firstFailure;

    Batch(Window window, int[] texts, int failures, long firstFailure) {
      this.window = window;
      this.texts = texts;
      this.failures = failures;
      this.firstFailure = firstFailure;
    }
  }

  private record Delayed(Batch batch, long dueNanos) {}

  /** An empty one only wakes the job's thread. */
  private record Completion(
      @Nullable Batch batch, @Nullable EmbedReply reply, @Nullable Throwable thrown) {}

  /** Answers to texts of one window, all from one reply. */
  record Delivery(Window window, String model, String spaceId, List<WindowJournal.Entry> entries) {}

  Dispatcher(JobConfig config, Ratatoskr ratatoskr, LongSupplier nanoTime) {
    this.config = config;
    this.ratatoskr = ratatoskr;
    this.nanoTime = nanoTime;
    this.lastAnswer = nanoTime.getAsLong();
  }

  /** Queues what the window still has to ask. */
  void add(Window window) {
    for (int[] texts : window.records()) {
      ready.add(new Batch(window, texts, 0, 0));
    }
  }

  /** Whether records could be sent if there were any. */
  boolean isHungry() {
    return ready.isEmpty() && inFlight.size() < config.inFlight();
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Sends what may be sent now. */
  void send() {
    long now = nanoTime.getAsLong();
    for (Delayed next = delayed.peek();
        next != null && next.dueNanos - now <= 0;
        next = delayed.peek()) {
      ready.addFirst(next.batch);
      delayed.remove();
    }
    while (!ready.isEmpty() && inFlight.size() < config.inFlight()) {
      Batch batch = ready.removeFirst();
      CompletableFuture<EmbedReply> future = sent(batch);
      inFlight.put(batch, future);
      var _ =
          future.whenComplete(
              (reply, thrown) -> completions.add(new Completion(batch, reply, thrown)));
    }
  }

  private CompletableFuture<EmbedReply> sent(Batch batch) {
    List<String> texts = new ArrayList<>(batch.texts.length);
    for (int text : batch.texts) {
      texts.add(batch.window.text(text));
    }
    try {
      return ratatoskr.embed(
          new EmbedRequest(
              config.model(), texts, config.inputType(), config.truncation(), config.options()));
    } catch (RatatoskrException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Ends a wait of the job's thread. Any thread may call it. */
  void wake() {
    completions.add(new Completion(null, null, null));
  }

  /**
   * Waits for answers, and takes all that are there.
   *
   * @throws PipelineFailed if no record can succeed any more
   */
  List<Delivery> await(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    Delayed next = delayed.peek();
    if (next != null) {
      nanos = Math.clamp(next.dueNanos - nanoTime.getAsLong(), 0, nanos);
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (Completion completion = completions.poll(nanos, TimeUnit.NANOSECONDS);
        completion != null;
        completion = completions.poll()) {
      if (completion.batch != null) {
        settle(completion.batch, completion.reply, completion.thrown, deliveries);
      }
    }
    return deliveries;
  }

  /** Takes the answers that are there, whatever else has failed. */
  List<Delivery> drain() {
    List<Delivery> deliveries = new ArrayList<>();
    for (Completion completion = completions.poll();
        completion != null;
        completion = completions.poll()) {
      if (completion.batch != null && completion.reply != null) {
        settle(completion.batch, completion.reply, null, deliveries);
      }
    }
    return deliveries;
  }

  /** Gives up what is in flight. */
  void cancel() {
    List.copyOf(inFlight.values()).forEach(future -> future.cancel(false));
    inFlight.clear();
    ready.clear();
    delayed.clear();
  }

  private void settle(
      Batch batch,
      @Nullable EmbedReply reply,
      @Nullable Throwable thrown,
      List<Delivery> deliveries) {
    inFlight.remove(batch);
    if (reply != null) {
      lastAnswer = nanoTime.getAsLong();
      answered(batch, reply, deliveries);
    } else if (thrown != null) {
      switch (Failure.of(thrown)) {
        case Failure.Everything everything ->
            throw new PipelineFailed(everything.reason(), everything.cause());
        case Failure.TheseTexts these -> split(batch, these.refusal(), deliveries);
        case Failure.Again again -> again(batch, again, deliveries);
      }
    }
  }

  private void answered(Batch batch, EmbedReply reply, List<Delivery> deliveries) {
    if (reply.items().size() != batch.texts.length) {
      throw new PipelineFailed(
          "the pipeline answered "
              + reply.items().size()
              + " items to "
              + batch.texts.length
              + " texts; check that all its parts are of the same release",
          null);
    }
    List<WindowJournal.Entry> entries = new ArrayList<>();
    Map<Failure.Again, List<Integer>> failing = new HashMap<>();
    for (int i = 0; i < batch.texts.length; i++) {
      int text = batch.texts[i];
      switch (reply.items().get(i)) {
        case EmbedReply.Embedded embedded ->
            entries.add(
                new WindowJournal.Entry(
                    text,
                    new Answer.Vector(
                        reply.model(),
                        reply.spaceId(),
                        embedded.vector(),
                        embedded.usedTokens(),
                        embedded.truncated())));
        case EmbedReply.Failed failed when failed.error().isTransient() ->
            failing
                .computeIfAbsent(
                    new Failure.Again(Failure.refusal(failed.error()), failed.error().retryAfter()),
                    _ -> new ArrayList<>())
                .add(text);
        case EmbedReply.Failed failed ->
            entries.add(
                new WindowJournal.Entry(text, new Answer.Refused(Failure.refusal(failed.error()))));
      }
    }
    if (!entries.isEmpty()) {
      deliveries.add(new Delivery(batch.window, reply.model(), reply.spaceId(), entries));
    }
    failing.forEach((again, texts) -> {
      int[] left = texts.stream().mapToInt(Integer::intValue).toArray();
      again(new Batch(batch.window, left, batch.failures, batch.firstFailure), again, deliveries);
    });
  }

  private void again(Batch batch, Failure.Again again, List<Delivery> deliveries) {
    long now = nanoTime.getAsLong();
    long firstFailure = batch.failures == 0 ? now : batch.firstFailure;
    boolean othersAnswered = lastAnswer - firstFailure > 0;
    if (othersAnswered && batch.failures + 1 >= TRIES) {
      split(batch, again.refusal(), deliveries);
      return;
    }
    if (!othersAnswered && now - firstFailure > config.patience().toNanos()) {
      throw new PipelineFailed(
          "nothing was answered for "
              + config.patience().toSeconds()
              + " s; the last failure was "
              + again.refusal().code()
              + ": "
              + again.refusal().reason(),
          null);
    }
    long delay = Math.min(LONGEST_DELAY_NANOS, FIRST_DELAY_NANOS << Math.min(batch.failures, 10));
    Optional<Long> asked = again.after().map(Duration::toNanos);
    delayed.add(
        new Delayed(
            new Batch(batch.window, batch.texts, batch.failures + 1, firstFailure),
            now + Math.max(delay, asked.orElse(0L))));
  }

  private void split(Batch batch, Line.Refusal refusal, List<Delivery> deliveries) {
    int[] texts = batch.texts;
    if (texts.length == 1) {
      deliveries.add(
          new Delivery(
              batch.window,
              "",
              "",
              List.of(new WindowJournal.Entry(texts[0], new Answer.Refused(refusal)))));
      return;
    }
    int middle = texts.length / 2;
    ready.addFirst(new Batch(batch.window, Arrays.copyOfRange(texts, middle, texts.length), 0, 0));
    ready.addFirst(new Batch(batch.window, Arrays.copyOfRange(texts, 0, middle), 0, 0));
  }
}
