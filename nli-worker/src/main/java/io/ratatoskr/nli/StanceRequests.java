package io.ratatoskr.nli;

import io.ratatoskr.onnx.NliLabels;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.judge.Labelling;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceLabel;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.StanceScores;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.List;

/** Reads stance requests, and makes replies of the stances. */
final class StanceRequests implements RequestReader<PairClassifier> {
  private static final Sides SIDES = new Sides("text", "target");

  private final Codec<StanceRequest> requests;
  private final Codec<StanceReply> replies;

  StanceRequests(SchemaIds ids) {
    requests = Codec.of(StanceRequest.class, ids);
    replies = Codec.of(StanceReply.class, ids);
  }

  @Override
  public Reading<PairClassifier> read(Work work) {
    StanceRequest request = requests.decode(work.payload(), work.schema());
    List<TextPair> pairs = new ArrayList<>();
    for (StanceItem item : request.getItems()) {
      String text = RequestReader.text(item.getContent());
      for (String hypothesis : Stance.hypotheses(item.getTarget())) {
        // Without a target there is nothing to judge, whatever else the hypothesis says.
        pairs.add(new TextPair(text, item.getTarget().isBlank() ? "" : hypothesis));
      }
    }
    return new PairRequest(
            request.getTruncation(),
            pairs,
            Stance.HYPOTHESES,
            Limits.recordItems(Capability.STANCE),
            SIDES)
        .reading(
            replies,
            StanceReply::new,
            (logits, labels, judged) -> scores(Stance.of(logits, labels), judged));
  }

  private static StanceScores scores(Stance stance, Judged judged) {
    return new StanceScores(
        (float) stance.favor(),
        (float) stance.against(),
        (float) stance.neutral(),
        switch (stance.label()) {
          case FAVOR -> StanceLabel.FAVOR;
          case AGAINST -> StanceLabel.AGAINST;
          case NEUTRAL -> StanceLabel.NEUTRAL;
        },
        judged.tokens(),
        judged.usedTokens(),
        judged.truncated());
  }

  /**
   * Where a text stands towards a target: zero-shot classification by three hypotheses.
   *
   * @param favor score of being for it
   * @param against score of being against it
   * @param neutral score of neither; the three add up to 1
   */
  record Stance(double favor, double against, double neutral) {
    private static final List<String> TEMPLATES =
        List.of(
            "The author is in favor of {}.",
            "The author is against {}.",
            "The author is neutral towards {}.");

    /** Hypotheses for each text. */
    static final int HYPOTHESES = TEMPLATES.size();

    /** The stances. */
    enum Label {
      FAVOR,
      AGAINST,
      NEUTRAL
    }

    /** In favor, against, neutral. */
    static List<String> hypotheses(String target) {
      return TEMPLATES.stream().map(template -> Labelling.hypothesis(template, target)).toList();
    }

    /**
     * Softmax over the entailment logits of the three.
     *
     * @param logits of the text with each of {@link #hypotheses}
     */
    static Stance of(List<float[]> logits, NliLabels labels) {
      double[] scores = ZeroShot.scores(logits, labels, false);
      return new Stance(scores[0], scores[1], scores[2]);
    }

    /** The highest; of equal ones the first of favor, against, neutral. */
    Label label() {
      if (favor >= against && favor >= neutral) {
        return Label.FAVOR;
      }
      return against >= neutral ? Label.AGAINST : Label.NEUTRAL;
    }
  }
}
