package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceLabel;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.StanceScores;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.List;

/** Texts with targets in, stances out. */
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
    return new PairRequest(request.getTruncation(), pairs, Stance.HYPOTHESES, Limits.PAIRS, SIDES)
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
}
