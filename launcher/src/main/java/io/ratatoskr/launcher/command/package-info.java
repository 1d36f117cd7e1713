/**
 * What every command has in common: exit codes, how failures are worded, the options for
 * configuration and models, and what it does at a signal.
 *
 * <p>Start at {@link io.ratatoskr.launcher.command.Settings}, which reads the configuration.
 */
@NullMarked
package io.ratatoskr.launcher.command;

import org.jspecify.annotations.NullMarked;
