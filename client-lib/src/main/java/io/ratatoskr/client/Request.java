package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;

/**
 * What a {@link Ratatoskr} can be asked.
 *
 * @param <R> the reply
 */
public interface Request<R> {

  /** What is asked for. */
  Capability capability();

  /** Id of the model that shall answer. */
  String model();

  /** How the request travels. */
  RequestOptions options();
}
