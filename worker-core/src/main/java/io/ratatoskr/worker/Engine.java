package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Runs inference for a worker. Both steps are called by several threads at once: while one batch is
 * run, another thread prepares the next.
 *
 * @param <T> a prepared request, of the engine's own making
 */
public interface Engine<T> extends AutoCloseable {

  /** The capabilities that it serves, for the catalog. */
  Set<Capability> capabilities();

  /** The models that it serves and their state now; empty where it has none of its own. */
  List<ServedModel> models();

  /** The capabilities for which it takes whatever model is named, since it cannot name them all. */
  default Set<Capability> anyModel() {
    return models().isEmpty() ? capabilities() : Set.of();
  }

  /**
   * Whose models it serves, where they are a provider's: {@code openai}, {@code anthropic}, {@code
   * google}, {@code ollama} or {@code openrouter}; empty where it does not say.
   */
  default String maker() {
    return "";
  }

  /**
   * Decodes and tokenises one request on the calling thread. A request that cannot be run is
   * settled here, typed; an exception counts as a failure that another attempt may not have.
   *
   * @throws io.ratatoskr.schemas.UndecodableRecordException if the payload is no request of that
   *     capability; the worker refuses it and keeps it as a dead letter
   * @throws io.ratatoskr.schemas.SchemaRegistryException if its schema cannot be asked for now
   */
  Prepared<T> prepare(Work work);

  /**
   * Runs requests, which may be batched with whatever else is under way; interactive ones go before
   * bulk ones. Returns at once. Completing a future from outside withdraws its request.
   *
   * @param runs requests, each with the sink of its events
   * @return for each run, in order, its outcome; a future that fails counts as {@link
   *     Outcome.Retryable}
   */
  List<CompletableFuture<Outcome>> run(List<Run<T>> runs, Lane lane);

  /** Whether work may be taken: every model is ready. */
  default boolean ready() {
    return models().stream().allMatch(ServedModel::ready);
  }

  /**
   * Whether a run costs more than time, so that each request is claimed before it is run and never
   * run twice. Decides where {@link WorkerConfig.QueueChoice#AUTO} is configured.
   */
  default boolean claims() {
    return false;
  }

  /** An engine that can do nothing yet and says so, typed, to each request. */
  static Engine<?> refusing(
      Set<Capability> capabilities, boolean claims, Function<Capability, InferenceError> refusal) {
    return new RefusingEngine(Set.copyOf(capabilities), claims, refusal);
  }

  /** Frees what it holds; called by its owner after the worker has closed. */
  @Override
  void close();
}
