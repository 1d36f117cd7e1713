package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.OnnxModel;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.worker.Outcome;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A request as its reader understood it. */
public sealed interface Reading<M extends OnnxModel> {

  /**
   * The request needs the model that the work names.
   *
   * @param weight how many inputs it will run, at least 1
   * @param against why a model cannot do what is asked for; empty where it can
   * @param task tokenises it for that model
   */
  record Wanted<M extends OnnxModel>(
      int weight, Function<M, Optional<String>> against, Function<M, ModelTask<M>> task)
      implements Reading<M> {

    /** A request that any model can do. */
    public Wanted(int weight, Function<M, ModelTask<M>> task) {
      this(weight, model -> Optional.empty(), task);
    }
  }

  /** The request needs no model. */
  record Settled<M extends OnnxModel>(Outcome outcome) implements Reading<M> {}

  /** A request that cannot be run. */
  static <M extends OnnxModel> Reading<M> refused(String message) {
    return new Settled<>(new Outcome.Rejected(InferenceError.invalidInput(message)));
  }

  /** That request, if it holds at least one item and no more than {@code most}. */
  static <M extends OnnxModel> Reading<M> within(
      int items, int most, Supplier<Reading<M>> request) {
    return items < 1 || items > most
        ? refused("A request holds 1 to %d items, this one %d.".formatted(most, items))
        : request.get();
  }
}
