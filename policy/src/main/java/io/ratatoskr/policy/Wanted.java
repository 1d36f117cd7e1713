package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import java.util.List;
import java.util.Optional;

/**
 * What a request's model or preset came to.
 *
 * @param model the model that it names; empty where it leaves the choice to the policy
 * @param task its class, where the choice depends on it
 * @param wishes who is wished for, at least one, those in its place not among them
 * @param text for people
 */
record Wanted(String model, Optional<TaskClass> task, List<Wish> wishes, String text) {}
