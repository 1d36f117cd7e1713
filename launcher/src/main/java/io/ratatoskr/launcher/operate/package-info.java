/**
 * The commands for whoever operates a pipeline: what failed for good and what was used, read from
 * its topics.
 *
 * <p>Start at {@link io.ratatoskr.launcher.operate.DlqCommand}.
 */
@NullMarked
package io.ratatoskr.launcher.operate;

import org.jspecify.annotations.NullMarked;
