package io.ratatoskr.bulk;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One vector a line; all of one vector space. */
record EmbedInquiry(JobKind.Embed kind) implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("embedding", Column.Type.NUMBERS),
          Column.MODEL,
          new Column("space_id", Column.Type.TEXT),
          Column.TRUNCATED);

  @Override
  public List<String> parts() {
    return List.of("text");
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public int recordItems() {
    return Window.RECORD_ITEMS;
  }

  @Override
  public String unit() {
    return "texts";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", kind.model())
        .with("input-type", kind.inputType().name())
        .with("truncate", kind.truncation().name());
  }

  @Override
  public CompletableFuture<Replied> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    EmbedRequest request =
        new EmbedRequest(
            kind.model(),
            questions.stream().map(List::getFirst).toList(),
            kind.inputType(),
            kind.truncation(),
            options);
    return ratatoskr
        .embed(request)
        .thenApply(reply -> Replied.of(reply.spaceId(), reply, item -> given(reply, item)));
  }

  private static Answer.Given given(EmbedReply reply, EmbedReply.ItemOutcome item) {
    EmbedReply.Embedded embedded = (EmbedReply.Embedded) item;
    return new Answer.Given(
        reply.spaceId(),
        List.of(
            new Value.Reals(embedded.vector()),
            new Value.Text(reply.model()),
            new Value.Text(reply.spaceId()),
            new Value.Flag(embedded.truncated())),
        embedded.usedTokens());
  }
}
