package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Column;
import io.ratatoskr.formats.Value;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Judges the pair of premise and hypothesis of each line. In a file: one pair a line.
 *
 * @param truncation what happens to pairs above the model's limit
 */
public record NliJob(String model, PairTruncation truncation) implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          Column.LABEL,
          Column.number("entailment"),
          new Column("neutral", Column.Type.OPTIONAL_NUMBER),
          Column.number("contradiction"),
          Column.MODEL,
          Column.TRUNCATED);

  public NliJob {
    JobKind.check(model, "nli-minilm-l6");
  }

  /** An error line for pairs that are too long. */
  public static NliJob of(String model) {
    return new NliJob(model, PairTruncation.ERROR);
  }

  @Override
  public Capability capability() {
    return Capability.NLI;
  }

  @Override
  public List<String> parts() {
    return List.of("premise", "hypothesis");
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public String unit() {
    return "pairs";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", model()).with("truncate", truncation().name());
  }

  @Override
  public CompletableFuture<List<Outcome<Answer.Given>>> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    List<NliRequest.Pair> pairs =
        questions.stream()
            .map(question -> new NliRequest.Pair(question.get(0), question.get(1)))
            .toList();
    return Inquiry.outcomes(
        ratatoskr.nli(new NliRequest(model(), pairs, truncation(), options)), NliJob::given);
  }

  private static Answer.Given given(NliReply reply, NliReply.ItemOutcome item) {
    NliReply.Scored scored = (NliReply.Scored) item;
    return new Answer.Given(
        "",
        List.of(
            new Value.Text(scored.label().name().toLowerCase(Locale.ROOT)),
            new Value.Real((float) scored.entailment()),
            scored.neutral().isPresent()
                ? new Value.Real((float) scored.neutral().getAsDouble())
                : new Value.NoReal(),
            new Value.Real((float) scored.contradiction()),
            new Value.Text(reply.model()),
            new Value.Flag(scored.truncated())),
        scored.usedTokens());
  }
}
