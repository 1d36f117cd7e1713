/**
 * One file in, one file out, through the client. {@link io.ratatoskr.bulk.BulkJob} is where to
 * start.
 *
 * <p>The path of a text: {@code InputFile} opens the file, {@code LineReader} cuts it into lines,
 * {@code LineParser} makes texts of them, {@code WindowReader} gathers 4,096 lines to a {@code
 * Window}, which is cut into records of equally long texts. {@code JobRun} sends the records
 * through {@link io.ratatoskr.client.Ratatoskr}, writes each answer to the window's {@code
 * WindowJournal}, and appends the rows of whole windows, in order, to the growing output in the
 * {@code JobFolder}, which {@code JobLog} remembers. The output gets its name when it is whole.
 */
@NullMarked
package io.ratatoskr.bulk;

import org.jspecify.annotations.NullMarked;
