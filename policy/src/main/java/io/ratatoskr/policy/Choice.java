package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of a request, or the reason why there are none.
 *
 * @param chain the candidates, which are fixed in its flight at admission; at most four
 * @param refusal why there are none
 * @param holdUntilMs until when the first of them wants to be left alone, in epoch milliseconds; 0
 *     where it can be asked now
 * @param task the class of its task, where that is given or the choice depends on it
 * @param wanted what the request's model, preset or class came to, for people
 * @param considered every pool and model that was looked at, the chosen ones first
 */
public record Choice(
    List<PoolCandidate> chain,
    @Nullable InferenceError refusal,
    long holdUntilMs,
    Optional<TaskClass> task,
    String wanted,
    List<Considered> considered) {

  /** Keeps copies. */
  public Choice {
    chain = List.copyOf(chain);
    considered = List.copyOf(considered);
  }

  /** The same choice, each candidate with the queue that a request of that tenant has there. */
  Choice in(OwnQueues queues, String tenant) {
    List<PoolCandidate> placed =
        chain.stream()
            .map(candidate -> candidate.in(queues.of(candidate.pool(), tenant, task)))
            .toList();
    return new Choice(placed, refusal, holdUntilMs, task, wanted, considered);
  }

  /**
   * A pool and a model that was looked at.
   *
   * @param model empty where the pool as a whole was left out
   * @param score by which models were compared, 0 to 1; negative where they were not
   * @param verdict why it was left out, or why it is a candidate
   * @param chosen whether it is in the chain
   */
  public record Considered(
      String pool, String model, double score, String verdict, boolean chosen) {}
}
