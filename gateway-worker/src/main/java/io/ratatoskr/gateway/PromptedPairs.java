package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.judge.Premises;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliScores;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The pairs of an NLI request, judged by a language model. */
record PromptedPairs(List<Premises.Pair> pairs, Codec<NliReply> replies) implements PromptedItems {
  private static final int PER_CALL = 8;
  private static final List<String> CLASSES = List.of("entailment", "neutral", "contradiction");

  @Override
  public int size() {
    return pairs.size();
  }

  @Override
  public int perCall() {
    return PER_CALL;
  }

  @Override
  public String task() {
    return """
    You judge natural language inference. Of each item, say how probable it is, given its \
    premise alone, that its hypothesis follows from it (entailment), may or may not hold \
    (neutral), or cannot be true (contradiction): three numbers from 0 to 1 that add up to 1. \
    The answer to an item is like \
    {"id": 1, "entailment": 0.05, "neutral": 0.85, "contradiction": 0.1}.\
    """;
  }

  @Override
  public Optional<InferenceError> fault(int index) {
    Premises.Pair pair = pairs.get(index);
    String empty =
        pair.premise().isBlank() ? "premise" : pair.hypothesis().isBlank() ? "hypothesis" : "";
    return empty.isEmpty()
        ? Optional.empty()
        : Optional.of(InferenceError.invalidInput("The %s is empty.".formatted(empty)));
  }

  @Override
  public void describe(int index, ObjectNode item) {
    item.put("premise", pairs.get(index).premise());
    item.put("hypothesis", pairs.get(index).hypothesis());
  }

  @Override
  public ObjectNode schema() {
    ObjectNode members = Document.object();
    CLASSES.forEach(name -> members.set(name, PromptedScores.schema()));
    return members;
  }

  @Override
  public NliScores outcome(Document answer) throws ProviderFailure {
    double[] scores = new double[CLASSES.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = PromptedScores.score(answer.at(CLASSES.get(i)).node(), CLASSES.get(i));
    }
    double[] shares = PromptedScores.shares(scores);
    NliLabel label =
        shares[0] >= shares[1] && shares[0] >= shares[2]
            ? NliLabel.ENTAILMENT
            : shares[1] >= shares[2] ? NliLabel.NEUTRAL : NliLabel.CONTRADICTION;
    return new NliScores(
        (float) shares[0], (float) shares[1], (float) shares[2], label, 0, 0, false);
  }

  @Override
  public byte[] reply(String model, List<Object> outcomes) {
    return replies.encode(new NliReply(model, outcomes));
  }
}
