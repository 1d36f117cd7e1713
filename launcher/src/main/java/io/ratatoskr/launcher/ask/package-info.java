/**
 * The commands that ask: about one text, the lines of a file or the queries of a corpus, with their
 * options and what they print.
 *
 * <p>Start at {@code LineCommand}, which most of them are, then read {@link
 * io.ratatoskr.launcher.ask.EmbedCommand}; {@code PipelineOptions} says which pipeline answers.
 */
@NullMarked
package io.ratatoskr.launcher.ask;

import org.jspecify.annotations.NullMarked;
