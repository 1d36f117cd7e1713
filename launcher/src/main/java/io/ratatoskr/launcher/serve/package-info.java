/**
 * The commands that run broker, router or workers until they are stopped, those that look after
 * such a process and its topics, and its status page.
 *
 * <p>Start at {@link io.ratatoskr.launcher.serve.UpCommand}, which runs everything.
 */
@NullMarked
package io.ratatoskr.launcher.serve;

import org.jspecify.annotations.NullMarked;
