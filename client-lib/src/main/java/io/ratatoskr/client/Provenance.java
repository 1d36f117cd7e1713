package io.ratatoskr.client;

import io.ratatoskr.schemas.Location;
import java.time.Duration;
import java.util.Optional;

/**
 * Who produced an answer, and how it came about.
 *
 * @param provider provider or engine, such as {@code onnx}
 * @param model model that answered
 * @param revision revision of the model's content
 * @param worker id of the worker
 * @param location on this deployment's own machines or outside
 * @param cache how the cache took part
 * @param fallbackFrom what should have answered, where something else did
 * @param attempts attempts made, the successful one included
 * @param queueTime from dispatch until a worker took it
 * @param executionTime from then to the outcome
 */
public record Provenance(
    String provider,
    String model,
    String revision,
    String worker,
    Location location,
    CacheUse cache,
    Optional<String> fallbackFrom,
    int attempts,
    Duration queueTime,
    Duration executionTime) {

  /** How an answer came about. */
  public enum CacheUse {
    /** By an inference of its own. */
    NONE,
    /** From the answer cache. */
    HIT,
    /** By an identical request's inference that was running already. */
    JOINED
  }
}
