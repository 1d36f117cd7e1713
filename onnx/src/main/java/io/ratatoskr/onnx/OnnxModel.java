package io.ratatoskr.onnx;

import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A loaded model. Safe for many threads.
 *
 * <p>Tokenising happens on the calling thread, inference on the model's own. So a thread that
 * prepares its next inputs while the last ones run keeps the callers busy.
 */
public sealed interface OnnxModel extends AutoCloseable permits Embedder, PairClassifier {

  /** The properties of the model. */
  ModelSpec spec();

  /** {@link #submitAll} of one. */
  default CompletableFuture<List<ItemResult>> submit(Tokenised tokenised, Lane lane) {
    return submitAll(List.of(tokenised), lane).getFirst();
  }

  /**
   * Queues inputs. Batches are formed over all that wait, longest first, whichever request they
   * belong to; each request completes as soon as its own inputs are done. Bulk batches are short
   * while interactive requests come. Returns at once and holds whatever is submitted: the caller
   * bounds what it has under way.
   *
   * <p>Cancelling a future withdraws its inputs that have not run yet. What depends on a future
   * runs on an inference thread and must not block.
   *
   * @throws IllegalArgumentException when a request was prepared for another model
   * @return for each request, in order, a future of its results in the order of its inputs; it
   *     fails with {@link ModelClosedException} only, every other failure is an {@link ItemResult}
   */
  List<CompletableFuture<List<ItemResult>>> submitAll(List<Tokenised> requests, Lane lane);

  /** Lets running batches end, fails what waits with {@link ModelClosedException}. */
  @Override
  void close();
}
