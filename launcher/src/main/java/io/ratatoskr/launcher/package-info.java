/**
 * The {@code ratatoskr} command.
 *
 * <p>{@link io.ratatoskr.launcher.Main} lists the commands, each a class. What they run stands in
 * the other modules, and nothing depends on this one.
 */
@NullMarked
package io.ratatoskr.launcher;

import org.jspecify.annotations.NullMarked;
