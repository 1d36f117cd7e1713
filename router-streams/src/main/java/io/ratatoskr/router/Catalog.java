package io.ratatoskr.router;

import java.util.Map;
import java.util.Set;

/** Which workers are alive and which models they have, as their heartbeats say. */
interface Catalog {

  /** Whether that worker has given no sign of life for three seconds; false if that is unknown. */
  boolean isGone(String worker);

  /** The workers of a pool. */
  Pool pool(String name);

  /**
   * A pool of workers.
   *
   * @param alive workers that gave a sign of life within three seconds
   * @param models models that its workers name, in whatever state
   * @param ready models that a worker alive has ready
   * @param unavailable models that every worker alive that names them cannot use, and why
   */
  record Pool(int alive, Set<String> models, Set<String> ready, Map<String, String> unavailable) {
    static final Pool UNKNOWN = new Pool(0, Set.of(), Set.of(), Map.of());
  }
}
