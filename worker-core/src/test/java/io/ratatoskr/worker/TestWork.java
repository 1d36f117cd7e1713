package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;

/**
 * Requests of one capability and the engine that answers them: all that the contract suites need to
 * know of a kind of worker. A class of these is public and has a public constructor without
 * parameters, by which the process of a {@link WorkerProcess} makes its own.
 */
public interface TestWork {

  /** What its requests ask for. */
  Capability capability();

  /** Id of the model that its requests are for. */
  String model();

  /**
   * A request that the engine answers.
   *
   * @param name a short text that it contains
   * @return the request record
   */
  byte[] request(String name);

  /** A new engine, which may still be loading; its caller closes it. */
  Engine<?> load();
}
