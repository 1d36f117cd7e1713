package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.Value;
import java.util.List;

/** The outcome of one question. */
sealed interface Answer {

  /**
   * A row's values.
   *
   * @param spaceId what all rows of an output must have in common; empty where there is nothing
   * @param values one for each column of the job's kind, in their order
   * @param tokens tokens that the model was given
   */
  record Given(String spaceId, List<Value> values, int tokens) implements Answer {
    public Given {
      values = List.copyOf(values);
    }
  }

  /** The question failed for good: its line gets an error line and no row. */
  record Refused(Line.Refusal refusal) implements Answer {}
}
