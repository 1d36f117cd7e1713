package io.ratatoskr.onnx;

import java.util.Arrays;
import java.util.Optional;

/**
 * The special tokens that a tokenizer puts around and between premise and hypothesis, and the token
 * types of both: what it takes to make its encoding of a pair out of texts encoded one by one.
 *
 * @param lead before the premise
 * @param middle between them
 * @param trail after the hypothesis
 * @param premiseType token type of each token of the premise
 * @param hypothesisType token type of each token of the hypothesis
 */
record PairFrame(Encoded lead, Encoded middle, Encoded trail, int premiseType, int hypothesisType) {

  /**
   * Learns it from an encoded pair; empty where that is not premise first and each in one piece.
   */
  static Optional<PairFrame> of(TokenPair.Whole probe) {
    int premise = probe.premise();
    int hypothesis = probe.hypothesis();
    int[] sides = probe.sides();
    int from = indexOf(sides, 0);
    int second = indexOf(sides, 1);
    if (premise == 0
        || hypothesis == 0
        || second < from
        || !all(sides, 0, from, premise)
        || !all(sides, 1, second, hypothesis)) {
      return Optional.empty();
    }
    Encoded row = probe.all();
    return Optional.of(
        new PairFrame(
            row.slice(0, from),
            row.slice(from + premise, second),
            row.slice(second + hypothesis, row.length()),
            row.typeId(from),
            row.typeId(second)));
  }

  private static int indexOf(int[] sides, int side) {
    for (int i = 0; i < sides.length; i++) {
      if (sides[i] == side) {
        return i;
      }
    }
    return -1;
  }

  private static boolean all(int[] sides, int side, int from, int count) {
    return Arrays.stream(sides, from, from + count).allMatch(each -> each == side);
  }

  int size() {
    return lead.length() + middle.length() + trail.length();
  }

  /** The first tokens of both, each so many, in the frame. */
  Encoded join(Encoded premise, int ofPremise, Encoded hypothesis, int ofHypothesis) {
    return new Encoded.Builder(size() + ofPremise + ofHypothesis)
        .add(lead)
        .add(premise, ofPremise, premiseType)
        .add(middle)
        .add(hypothesis, ofHypothesis, hypothesisType)
        .add(trail)
        .build();
  }
}
