/**
 * The {@code ratatoskr} command.
 *
 * <p>{@link io.ratatoskr.launcher.Main} lists the commands, each a class: those in {@link
 * io.ratatoskr.launcher.ask} ask about texts and end, those in {@link io.ratatoskr.launcher.serve}
 * run a part of the pipeline or look after one, and {@link io.ratatoskr.launcher.command} is what
 * all of them share. What they run stands in the other modules, and nothing depends on this one.
 */
@NullMarked
package io.ratatoskr.launcher;

import org.jspecify.annotations.NullMarked;
