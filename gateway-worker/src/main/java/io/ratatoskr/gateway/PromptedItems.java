package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Items of a request that a language model is asked to judge by a prompt. */
interface PromptedItems {

  /** How many there are. */
  int size();

  /** Most of them in one prompt. */
  int perCall();

  /** What the model is to do, and what its answer to one item holds. */
  String task();

  /** What is wrong with an item, so that nobody needs to be asked. */
  Optional<InferenceError> fault(int index);

  /** An item as the model reads it. */
  void describe(int index, ObjectNode item);

  /** The members of an answer to one item, as JSON Schema has them. */
  ObjectNode schema();

  /**
   * The outcome of an item, a record of its reply.
   *
   * @throws ProviderFailure with {@code Json} if the answer lacks something or holds no scores
   */
  Object outcome(Document answer) throws ProviderFailure;

  /** The reply, encoded. */
  byte[] reply(String model, List<Object> outcomes);
}
