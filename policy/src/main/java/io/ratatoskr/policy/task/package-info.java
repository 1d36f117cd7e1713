/**
 * The kinds of tasks that requests set: eight classes, each with the times and the priority that it
 * is given, and the classifier that finds the class of a prompt. Everything here is pure.
 *
 * <p>Start at {@link io.ratatoskr.policy.task.TaskClass}.
 */
@NullMarked
package io.ratatoskr.policy.task;

import org.jspecify.annotations.NullMarked;
