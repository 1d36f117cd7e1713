package io.ratatoskr.bulk;

import io.ratatoskr.schemas.Capability;

/**
 * The question that a job asks about each line, and the model that answers it: a record for each
 * kind of question.
 */
public sealed interface JobKind permits Inquiry {

  /** The capability that is asked for. */
  Capability capability();

  /** Model to ask for. */
  String model();

  /** Refuses a job that names no model. */
  static void check(String model, String example) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: name one, such as " + example);
    }
  }
}
