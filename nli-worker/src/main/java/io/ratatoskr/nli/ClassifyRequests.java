package io.ratatoskr.nli;

import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.worker.Work;
import java.util.ArrayList;
import java.util.HashSet;
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
    List<String> labels = request.getLabels();
    if (labels.isEmpty()) {
      return Reading.refused("A request needs a label at least.");
    }
    if (labels.size() > maxLabels) {
      return Reading.refused(
          "A request has at most %d labels here, this one %d; ask with fewer, or raise %s, up to %d, for"
                  .formatted(maxLabels, labels.size(), NliConfig.MAX_LABELS.key(), Limits.LABELS)
              + " all NLI workers.");
    }
    if (labels.stream().anyMatch(String::isBlank) || new HashSet<>(labels).size() < labels.size()) {
      return Reading.refused("Each label must be there once, and none be empty.");
    }
    if (!request.getTemplate().contains(ZeroShot.PLACE)) {
      return Reading.refused(
          "The template must have %s where the label goes, and is \"%s\"."
              .formatted(ZeroShot.PLACE, request.getTemplate()));
    }
    List<String> hypotheses =
        labels.stream().map(label -> ZeroShot.hypothesis(request.getTemplate(), label)).toList();
    List<TextPair> pairs = new ArrayList<>();
    for (Item item : request.getItems()) {
      String text = RequestReader.text(item);
      hypotheses.forEach(hypothesis -> pairs.add(new TextPair(text, hypothesis)));
    }
    int most = Limits.labelledItems(labels.size());
    return new PairRequest(request.getTruncation(), pairs, labels.size(), most, SIDES)
        .reading(
            replies,
            (model, items) -> new ClassifyReply(model, labels, items),
            (logits, classes, judged) ->
                scores(ZeroShot.scores(logits, classes, request.getMultiLabel()), judged));
  }

  private static LabelScores scores(double[] scores, Judged judged) {
    List<Float> rounded = new ArrayList<>(scores.length);
    for (double score : scores) {
      rounded.add((float) score);
    }
    return new LabelScores(rounded, judged.tokens(), judged.usedTokens(), judged.truncated());
  }
}
