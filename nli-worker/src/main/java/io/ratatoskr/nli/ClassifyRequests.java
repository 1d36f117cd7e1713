package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.judge.Labelling;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.List;

/** Reads classify requests, and makes replies of the scores. */
final class ClassifyRequests implements RequestReader<PairClassifier> {
  private static final Sides SIDES = new Sides("text", "label");

  private final Codec<ClassifyRequest> requests;
  private final Codec<ClassifyReply> replies;
  private final int maxLabels;

  ClassifyRequests(int maxLabels, SchemaIds ids) {
    requests = Codec.of(ClassifyRequest.class, ids);
    replies = Codec.of(ClassifyReply.class, ids);
    this.maxLabels = maxLabels;
  }

  @Override
  public Reading<PairClassifier> read(Work work) {
    ClassifyRequest request = requests.decode(work.payload(), work.schema());
    Labelling labelling;
    try {
      labelling = Labelling.of(request);
    } catch (IllegalArgumentException e) {
      return Reading.refused(String.valueOf(e.getMessage()));
    }
    List<String> labels = labelling.labels();
    if (labels.size() > maxLabels) {
      return Reading.refused(
          "A request has at most %d labels here, this one %d; ask with fewer, or raise %s, up to %d, for"
                  .formatted(maxLabels, labels.size(), NliConfig.MAX_LABELS.key(), Limits.LABELS)
              + " all NLI workers.");
    }
    List<TextPair> pairs = new ArrayList<>();
    for (String text : labelling.texts()) {
      labelling.hypotheses().forEach(hypothesis -> pairs.add(new TextPair(text, hypothesis)));
    }
    int most = Limits.labelledItems(labels.size());
    return new PairRequest(request.getTruncation(), pairs, labels.size(), most, SIDES)
        .reading(
            replies,
            (model, items) -> new ClassifyReply(model, labels, items),
            (logits, classes, judged) ->
                scores(ZeroShot.scores(logits, classes, labelling.multiLabel()), judged));
  }

  private static LabelScores scores(double[] scores, Judged judged) {
    List<Float> rounded = new ArrayList<>(scores.length);
    for (double score : scores) {
      rounded.add((float) score);
    }
    return new LabelScores(rounded, judged.tokens(), judged.usedTokens(), judged.truncated());
  }
}
