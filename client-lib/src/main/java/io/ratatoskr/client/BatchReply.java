package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import java.util.ArrayList;
import java.util.List;

/**
 * A reply with one outcome per item of its request.
 *
 * @param <O> outcomes of items: a success, or an {@link ItemFailure}
 */
public non-sealed interface BatchReply<O> extends Reply {

  /** Model that answered. */
  String model();

  /** One outcome per item, in the order of the request. */
  List<O> items();

  /**
   * Who answered. Of a request that travelled as several records, one per record is merged: the
   * slowest one's, with {@code HIT} only where every record was a hit.
   */
  @Override
  Provenance provenance();

  /** An outcome of one item that failed; its neighbours did not. */
  interface ItemFailure {
    InferenceError error();
  }

  /**
   * All outcomes, where every item succeeded.
   *
   * @param type what successes are
   * @throws RequestFailedException with the error of the first item that failed
   */
  default <T> List<T> successes(Class<T> type) {
    List<T> successes = new ArrayList<>(items().size());
    for (O item : items()) {
      if (item instanceof ItemFailure failed) {
        throw new RequestFailedException(failed.error());
      }
      successes.add(type.cast(item));
    }
    return successes;
  }

  /**
   * The outcome of a request of one item.
   *
   * @param type what successes are
   * @throws RequestFailedException if the item failed
   * @throws IllegalStateException if the request held more than one
   */
  default <T> T success(Class<T> type) {
    if (items().size() != 1) {
      throw new IllegalStateException(
          "the request held " + items().size() + " items; ask for all of them");
    }
    return successes(type).get(0);
  }
}
