package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.judge.Premises;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.worker.Work;
import java.util.List;

/** Reads NLI requests, and makes replies of the probabilities. */
final class NliRequests implements RequestReader<PairClassifier> {
  private static final Sides SIDES = new Sides("premise", "hypothesis");

  private final Codec<NliRequest> requests;
  private final Codec<NliReply> replies;

  NliRequests(SchemaIds ids) {
    requests = Codec.of(NliRequest.class, ids);
    replies = Codec.of(NliReply.class, ids);
  }

  @Override
  public Reading<PairClassifier> read(Work work) {
    NliRequest request = requests.decode(work.payload(), work.schema());
    Premises premises;
    try {
      premises = Premises.of(request);
    } catch (IllegalArgumentException e) {
      return Reading.refused(String.valueOf(e.getMessage()));
    }
    List<TextPair> pairs =
        premises.pairs().stream()
            .map(pair -> new TextPair(pair.premise(), pair.hypothesis()))
            .toList();
    return new PairRequest(
            request.getTruncation(), pairs, 1, Limits.recordItems(Capability.NLI), SIDES)
        .reading(
            replies,
            NliReply::new,
            (logits, labels, judged) -> scores(Entailment.of(logits.getFirst(), labels), judged));
  }

  private static NliScores scores(Entailment entailment, Judged judged) {
    return new NliScores(
        (float) entailment.entailment(),
        entailment.neutral().isPresent() ? (float) entailment.neutral().getAsDouble() : null,
        (float) entailment.contradiction(),
        switch (entailment.label()) {
          case ENTAILMENT -> NliLabel.ENTAILMENT;
          case NEUTRAL -> NliLabel.NEUTRAL;
          case CONTRADICTION -> NliLabel.CONTRADICTION;
        },
        judged.tokens(),
        judged.usedTokens(),
        judged.truncated());
  }
}
