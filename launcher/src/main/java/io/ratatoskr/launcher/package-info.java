/**
 * The {@code ratatoskr} command, and everything in one JVM.
 *
 * <p>{@link io.ratatoskr.launcher.Main} lists the commands, each a class. {@code Pipeline} is the
 * all-in-one: broker, topics, router and workers, started side by side; {@link
 * io.ratatoskr.launcher.EmbeddedRatatoskr} is a client on top of one. Nothing depends on this
 * module.
 */
@NullMarked
package io.ratatoskr.launcher;

import org.jspecify.annotations.NullMarked;
