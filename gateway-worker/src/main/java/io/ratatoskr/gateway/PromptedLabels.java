package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.judge.Labelling;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.LabelScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The texts of a classify request, judged by a language model. */
record PromptedLabels(Labelling labelling, Codec<ClassifyReply> replies) implements PromptedItems {
  private static final int PER_CALL = 8;

  /** Most scores that one answer is to hold, unless one text has more labels. */
  private static final int SCORES_PER_CALL = 64;

  @Override
  public int size() {
    return labelling.texts().size();
  }

  @Override
  public int perCall() {
    return Math.clamp(SCORES_PER_CALL / labelling.labels().size(), 1, PER_CALL);
  }

  @Override
  public String task() {
    StringBuilder statements = new StringBuilder();
    for (String hypothesis : labelling.hypotheses()) {
      statements.append("- ").append(hypothesis).append('\n');
    }
    return """
    You classify texts. Of each item, say how probable it is that each of these %d statements \
    holds of its text:
    %s
    %s The answer to an item holds its id and the numbers, from 0 to 1, in the order of the \
    statements, like {"id": 1, "scores": [%s]}.\
    """
        .formatted(
            labelling.labels().size(),
            statements,
            labelling.multiLabel()
                ? "Judge each statement by itself; several may hold, or none."
                : "Exactly one of them holds, so the numbers add up to 1.",
            String.join(", ", example()));
  }

  private List<String> example() {
    List<String> numbers = new ArrayList<>();
    int count = labelling.labels().size();
    for (int i = 0; i < count; i++) {
      numbers.add(i == count - 1 ? "0.9" : "0.02");
    }
    return numbers;
  }

  @Override
  public Optional<InferenceError> fault(int index) {
    return labelling.texts().get(index).isBlank()
        ? Optional.of(InferenceError.invalidInput("The text is empty."))
        : Optional.empty();
  }

  @Override
  public void describe(int index, ObjectNode item) {
    item.put("text", labelling.texts().get(index));
  }

  @Override
  public ObjectNode schema() {
    ObjectNode scores = Document.object().put("type", "array");
    scores.set("items", PromptedScores.schema());
    return Document.object().set("scores", scores);
  }

  @Override
  public LabelScores outcome(Document answer) throws ProviderFailure {
    JsonNode scores = answer.at("scores").node();
    int wanted = labelling.labels().size();
    if (!scores.isArray() || scores.size() != wanted) {
      throw PromptedScores.unreadable("there are not %d scores".formatted(wanted));
    }
    double[] read = new double[wanted];
    for (int i = 0; i < wanted; i++) {
      read[i] = PromptedScores.score(scores.get(i), "score " + (i + 1));
    }
    List<Float> rounded = new ArrayList<>(wanted);
    for (double score : labelling.multiLabel() ? read : PromptedScores.shares(read)) {
      rounded.add((float) score);
    }
    return new LabelScores(rounded, 0, 0, false);
  }

  @Override
  public byte[] reply(String model, List<Object> outcomes) {
    return replies.encode(new ClassifyReply(model, labelling.labels(), outcomes));
  }
}
