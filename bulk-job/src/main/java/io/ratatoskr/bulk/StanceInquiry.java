package io.ratatoskr.bulk;

import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.StanceRequest;
import io.ratatoskr.schemas.Limits;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** One text a line, with its target or the one of all. */
record StanceInquiry(JobKind.Stance kind) implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          Column.LABEL,
          Column.number("favor"),
          Column.number("against"),
          Column.number("neutral"),
          Column.MODEL,
          Column.TRUNCATED);

  @Override
  public List<String> parts() {
    return kind.target().isPresent() ? List.of("text") : List.of("text", "target");
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public int recordItems() {
    return Limits.PAIRS;
  }

  @Override
  public String unit() {
    return "pairs";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", kind.model())
        .with("target", kind.target().orElse(""))
        .with("truncate", kind.truncation().name());
  }

  @Override
  public CompletableFuture<Replied> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    List<StanceRequest.Item> items =
        questions.stream()
            .map(question ->
                new StanceRequest.Item(
                    question.getFirst(), kind.target().orElseGet(question::getLast)))
            .toList();
    return ratatoskr
        .stance(new StanceRequest(kind.model(), items, kind.truncation(), options))
        .thenApply(reply -> Replied.of("", reply, item -> given(reply, item)));
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
