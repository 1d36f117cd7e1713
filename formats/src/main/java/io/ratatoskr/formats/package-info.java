/**
 * Lines in, rows out, and vectors back: what a file holds, whoever asks about it. {@link
 * io.ratatoskr.formats.LineSource}, {@link io.ratatoskr.formats.RowFile} and {@link
 * io.ratatoskr.formats.VectorFile} are where to start.
 *
 * <p>The path of a line: {@code InputFile} opens the file, {@code LineReader} cuts it into lines,
 * {@code LineParser} makes a {@code Line} of each.
 */
@NullMarked
package io.ratatoskr.formats;

import org.jspecify.annotations.NullMarked;
