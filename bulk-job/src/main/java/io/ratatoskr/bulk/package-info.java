/**
 * One file in, one file out, through the client. {@link io.ratatoskr.bulk.BulkJob} is where to
 * start.
 *
 * <p>The path of a text: a {@link io.ratatoskr.formats.LineSource} reads lines, {@code
 * WindowReader} gathers 4,096 of them to a {@code Window}, which is cut into records of equally
 * long texts. {@code JobRun} sends the records through {@link io.ratatoskr.client.Ratatoskr},
 * writes each answer to the window's {@code WindowJournal}, and appends the rows of whole windows,
 * in order, to the growing output in the {@code JobFolder}, which {@code JobLog} remembers. The
 * output gets its name when it is whole.
 */
@NullMarked
package io.ratatoskr.bulk;

import org.jspecify.annotations.NullMarked;
