package io.ratatoskr.bulk;

/** One row of the output. */
record Row(Line.Text line, Answer.Vector vector) {}
