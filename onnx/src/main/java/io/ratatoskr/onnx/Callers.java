package io.ratatoskr.onnx;

import ai.onnxruntime.OrtException;
import io.ratatoskr.niceness.Niceness;
import io.ratatoskr.schemas.Lane;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run batches. Platform threads, since a native call pins its carrier. A batch
 * that fails is halved and run again until the input that fails stands alone.
 *
 * <p>Each lane has callers of its own. A bulk batch cannot be interrupted, but the operating system
 * takes its processor away for a thread that claims more of it: so bulk callers are {@linkplain
 * Niceness nice}, and an interactive batch computes at nearly full speed beside them. Bulk keeps a
 * share of the processors however much interactive traffic there is, and loses nothing where there
 * is none.
 */
final class Callers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Callers.class);

  private final ModelSession session;
  private final String model;
  private final Head head;
  private final Padding padding;
  private final Backlog<Submission.Row> backlog;
  private final int callers;

  // Guarded by this.
  private final Set<Lane> started = EnumSet.noneOf(Lane.class);
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  Callers(ModelSession session, String model, Head head, Padding padding, InferenceConfig config) {
    this.session = session;
    this.model = model;
    this.head = head;
    this.padding = padding;
    this.backlog =
        new Backlog<>(
            row -> row.tokens().length(),
            row -> row.submission().wanted(),
            new BatchBudget(config.batchTokens()),
            System::nanoTime);
    this.callers = config.callers();
  }

  /** Starts the callers of a lane that has had none: many a process has work of one lane alone. */
  private synchronized void start(Lane lane) {
    if (closed || !started.add(lane)) {
      return;
    }
    for (int i = 0; i < callers; i++) {
      threads.add(
          Thread.ofPlatform()
              .name("onnx-%s-%s-%d".formatted(model, lane.topicName(), i))
              .daemon()
              .start(() -> work(lane)));
    }
  }

  /** Adds rows to what waits; false once closed. */
  boolean offer(Lane lane, List<Submission.Row> rows) {
    start(lane);
    return backlog.offer(lane, rows);
  }

  private void work(Lane lane) {
    Niceness.COMPUTING.take(lane);
    BatchRunner runner = new BatchRunner(session, padding);
    for (var batch = backlog.take(lane); batch != null; batch = backlog.take(lane)) {
      List<Submission.Row> rows = batch.rows();
      long begin = System.nanoTime();
      try {
        run(runner, rows);
        backlog.ran(batch, System.nanoTime() - begin);
      } catch (RuntimeException | Error e) {
        // A lost thread would be lost throughput that nobody notices.
        log.error("A batch of {} inputs could not be settled", rows.size(), e);
        rows.forEach(row -> row.submission().fail(row, reason(e)));
      }
    }
  }

  private void run(BatchRunner runner, List<Submission.Row> rows) {
    switch (attempt(runner, rows)) {
      case Outputs(List<float[]> outputs) -> {
        for (int i = 0; i < rows.size(); i++) {
          rows.get(i).submission().deliver(rows.get(i), outputs.get(i));
        }
      }
      case Failure(ItemResult.Failed reason) -> {
        if (rows.size() == 1) {
          rows.getFirst().submission().fail(rows.getFirst(), reason);
          return;
        }
        log.debug("A batch of {} failed and is halved: {}", rows.size(), reason.message());
        int half = rows.size() / 2;
        run(runner, rows.subList(0, half));
        run(runner, rows.subList(half, rows.size()));
      }
    }
  }

  private sealed interface Attempt {}

  private record Outputs(List<float[]> outputs) implements Attempt {}

  private record Failure(ItemResult.Failed reason) implements Attempt {}

  private Attempt attempt(BatchRunner runner, List<Submission.Row> rows) {
    try {
      List<float[]> outputs = runner.run(rows.stream().map(Submission.Row::tokens).toList(), head);
      return outputs.stream().allMatch(Callers::finite)
          ? new Outputs(outputs)
          // One row's NaN spreads where the graph scales activations over the whole batch.
          : new Failure(new ItemResult.NotANumber());
    } catch (OrtException | RuntimeException | OutOfMemoryError e) {
      return new Failure(reason(e));
    }
  }

  private static boolean finite(float[] output) {
    for (float element : output) {
      if (!Float.isFinite(element)) {
        return false;
      }
    }
    return true;
  }

  /** The runtime has no error code for memory: its words tell. */
  static ItemResult.Failed reason(Throwable failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    String words = message.toLowerCase(Locale.ROOT);
    boolean memory =
        failure instanceof OutOfMemoryError
            || words.contains("failed to allocate")
            || words.contains("bad_alloc")
            || words.contains("out of memory")
            || words.contains("alloc_failed");
    return memory ? new ItemResult.OutOfMemory(message) : new ItemResult.Native(message);
  }

  /** Lets running batches end, fails what waits, and returns when no thread is left. */
  @Override
  public void close() {
    for (Submission.Row row : backlog.close()) {
      row.submission().future().completeExceptionally(new ModelClosedException(model));
    }
    List<Thread> last;
    synchronized (this) {
      closed = true;
      last = List.copyOf(threads);
    }
    boolean interrupted = false;
    for (Thread thread : last) {
      // The session must outlive every native call, so an interrupt does not end this wait.
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
