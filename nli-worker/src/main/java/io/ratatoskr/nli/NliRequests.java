package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    Item premise = request.getSharedPremise();
    Item hypothesis = request.getSharedHypothesis();
    List<TextPair> pairs = new ArrayList<>();
    for (NliPair pair : request.getItems()) {
      if (!once(premise, pair.getPremise()) || !once(hypothesis, pair.getHypothesis())) {
        return Reading.refused(
            "Pair %d: premise and hypothesis must each be given once, in the pair or as the shared one."
                .formatted(pairs.size() + 1));
      }
      pairs.add(
          new TextPair(
              RequestReader.text(premise == null ? pair.getPremise() : premise),
              RequestReader.text(hypothesis == null ? pair.getHypothesis() : hypothesis)));
    }
    return new PairRequest(
            request.getTruncation(), pairs, 1, Limits.recordItems(Capability.NLI), SIDES)
        .reading(
            replies,
            NliReply::new,
            (logits, labels, judged) -> scores(Entailment.of(logits.getFirst(), labels), judged));
  }

  private static boolean once(@Nullable Item shared, @Nullable Item own) {
    return (shared == null) != (own == null);
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
