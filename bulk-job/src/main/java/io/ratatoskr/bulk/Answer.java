package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.Value;
import java.util.List;

/** What became of one question. */
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

  /** No row, ever. */
  record Refused(Line.Refusal refusal) implements Answer {}
}
