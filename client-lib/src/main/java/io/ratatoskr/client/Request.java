package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;

/**
 * A request that a {@link Ratatoskr} answers.
 *
 * @param <R> the reply
 */
public interface Request<R> {

  /** The capability that is asked for. */
  Capability capability();

  /** Id of the model that shall answer. */
  String model();

  /** The options that the request travels with. */
  RequestOptions options();
}
