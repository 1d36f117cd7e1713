package io.ratatoskr.client;

import io.ratatoskr.schemas.Location;
import java.time.Duration;
import java.util.List;
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
 * @param totalTime from the making of the request to the arrival of its reply, by the clock of who
 *     waits; of a reply that another process looks for, to when it was written. Zero where the
 *     request's id does not tell when it was made
 * @param reason why that model and pool were asked; empty of an answer from the cache
 * @param displayName the model's name for people; empty where the policy has none
 * @param warnings what its answers are not to be trusted with, such as {@code math}, as the policy
 *     says
 * @param llm whether a language model was asked for it by a prompt, in place of a model that is
 *     made for the capability
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
    Duration executionTime,
    Duration totalTime,
    String reason,
    String displayName,
    List<String> warnings,
    boolean llm) {
  public Provenance {
    warnings = List.copyOf(warnings);
  }

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
