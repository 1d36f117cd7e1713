package io.ratatoskr.client;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Joins a capability's requests and replies to their records: cuts a request into items and writes
 * them, reads replies and joins them. Everything else about a call is {@link BatchCall}'s.
 *
 * @param <Q> requests
 * @param <I> items of requests
 * @param <O> outcomes of items
 * @param <R> replies
 */
interface Exchange<Q extends Request<R>, I, O, R extends BatchReply<O>> {

  /** The class of its requests. */
  Class<Q> requests();

  /** The codec that writes the records; replies are read by {@link #decode}. */
  Codec<?> codec();

  /** The items, at least one. */
  List<I> items(Q request);

  /** Most items in one record. */
  default int recordItems(Q request) {
    return Limits.recordItems(request.capability());
  }

  /** Most characters in one record, as {@link #characters} counts; an item with more is alone. */
  default long recordCharacters(Q request) {
    return Long.MAX_VALUE;
  }

  /** Characters that an item brings into its record; no text is shorter in UTF-8. */
  long characters(I item);

  /** The record of some of the items. */
  byte[] encode(Q request, List<I> items);

  /**
   * The reply of one record.
   *
   * @throws io.ratatoskr.schemas.UndecodableRecordException if the payload is none
   * @throws io.ratatoskr.schemas.SchemaRegistryException if its schema cannot be asked for now
   * @throws IllegalArgumentException if the payload contradicts itself
   */
  R decode(byte[] payload, Provenance provenance);

  /**
   * Refuses a reply that is another request's.
   *
   * @throws IllegalArgumentException saying how it contradicts the request
   */
  default void check(Q request, R reply) {}

  /** The outcome of an item whose record failed. */
  O failed(InferenceError error);

  /**
   * The reply of a call.
   *
   * @param answers replies of the records that were answered, at least one
   * @param items outcomes of all items, in the order of the request
   */
  R join(List<R> answers, List<O> items, Provenance provenance);

  /**
   * Outcomes of a record's items.
   *
   * @param items of the reply: errors, and what {@code success} reads
   */
  default List<O> outcomes(List<Object> items, Function<Object, O> success) {
    List<O> outcomes = new ArrayList<>(items.size());
    for (Object item : items) {
      outcomes.add(
          item instanceof ErrorRecord error
              ? failed(InferenceError.ofWire(error))
              : success.apply(item));
    }
    return outcomes;
  }

  /** A text as an item of a record. */
  static Item item(String text) {
    return new Item(new Text(text));
  }

  /** Refuses a request that names no model, or none that there can be. */
  static void checkModel(String model, String example) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: name one, such as " + example);
    }
    if (model.length() > RequestHead.LONGEST_NAME) {
      throw new IllegalArgumentException(
          "model: at most " + RequestHead.LONGEST_NAME + " characters");
    }
  }

  /** Refuses a request that names no model, or holds too few or too many items. */
  static void check(String model, String example, String key, List<?> items) {
    checkModel(model, example);
    if (items.isEmpty() || items.size() > Limits.ITEMS) {
      throw new IllegalArgumentException(
          key + ": 1 to " + Limits.ITEMS + " in one request, not " + items.size());
    }
  }
}
