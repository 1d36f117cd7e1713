package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.StanceRequest;
import io.ratatoskr.formats.Column;
import io.ratatoskr.formats.Value;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the stance of the text of each line towards a target. In a file: one text a line, with its
 * target or the one of all.
 *
 * @param target the target of every line; without it each line has its own
 * @param truncation what happens to texts that are, with their target, above the model's limit
 */
public record StanceJob(String model, Optional<String> target, PairTruncation truncation)
    implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          Column.LABEL,
          Column.number("favor"),
          Column.number("against"),
          Column.number("neutral"),
          Column.MODEL,
          Column.TRUNCATED);

  public StanceJob {
    JobKind.check(model, "nli-minilm-l6");
    if (target.isPresent() && target.get().isBlank()) {
      throw new IllegalArgumentException("target: must not be empty");
    }
  }

  /** A target in each line, an error line for texts that are too long. */
  public static StanceJob of(String model) {
    return new StanceJob(model, Optional.empty(), PairTruncation.ERROR);
  }

  @Override
  public Capability capability() {
    return Capability.STANCE;
  }

  @Override
  public List<String> parts() {
    return target().isPresent() ? List.of("text") : List.of("text", "target");
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
    return JobIdentity.of("model", model())
        .with("target", target().orElse(""))
        .with("truncate", truncation().name());
  }

  @Override
  public CompletableFuture<List<Outcome<Answer.Given>>> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    List<StanceRequest.Item> items =
        questions.stream()
            .map(question ->
                new StanceRequest.Item(question.getFirst(), target().orElseGet(question::getLast)))
            .toList();
    return Inquiry.outcomes(
        ratatoskr.stance(new StanceRequest(model(), items, truncation(), options)),
        StanceJob::given);
  }

  private static Answer.Given given(StanceReply reply, StanceReply.ItemOutcome item) {
    StanceReply.Scored scored = (StanceReply.Scored) item;
    return new Answer.Given(
        "",
        List.of(
            new Value.Text(scored.label().name().toLowerCase(Locale.ROOT)),
            new Value.Real((float) scored.favor()),
            new Value.Real((float) scored.against()),
            new Value.Real((float) scored.neutral()),
            new Value.Text(reply.model()),
            new Value.Flag(scored.truncated())),
        scored.usedTokens());
  }
}
