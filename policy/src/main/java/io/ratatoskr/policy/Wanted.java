package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request's model or preset came to.
 *
 * @param model the model that it names; empty where it leaves the choice to the policy
 * @param task its class, where the choice depends on it
 * @param wishes who is wished for, at least one, those in its place not among them
 * @param text for people
 * @param defaults options of a preset; null where none is asked for
 */
record Wanted(
    String model,
    Optional<TaskClass> task,
    List<Wish> wishes,
    String text,
    @Nullable ChatOptions defaults) {

  /** The model that is named, where an option is a fallback for it; else null. */
  @Nullable String replacedBy(Option option) {
    return model.isEmpty() || option.group() <= wishes.getLast().group() ? null : model;
  }
}
