package io.ratatoskr.bulk;

/** What became of one text. */
sealed interface Answer {

  /**
   * A vector.
   *
   * @param model model that answered
   * @param spaceId its vector space
   * @param tokens tokens that went into it
   * @param truncated whether part of the text did not
   */
  @SuppressWarnings("ArrayRecordComponent") // vectors are large; equality is not asked of them
  record Vector(String model, String spaceId, float[] values, int tokens, boolean truncated)
      implements Answer {}

  /** No vector, ever. */
  record Refused(Line.Refusal refusal) implements Answer {}
}
