package io.ratatoskr.bulk;

/** One row of the output. */
record Row(Line.Good line, Answer.Given answer) {}
