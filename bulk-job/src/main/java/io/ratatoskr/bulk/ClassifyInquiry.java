package io.ratatoskr.bulk;

import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Limits;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One text a line, and the same labels for all. */
record ClassifyInquiry(JobKind.Classify kind) implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          Column.LABEL,
          Column.number("score"),
          new Column("labels", Column.Type.TEXTS),
          new Column("scores", Column.Type.NUMBERS),
          Column.MODEL,
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
    return Math.clamp(Limits.LABEL_PAIRS / kind.labels().size(), 1, Window.RECORD_ITEMS);
  }

  @Override
  public String unit() {
    return "texts";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", kind.model())
        .with("labels", kind.labels())
        .with("template", kind.template())
        .with("multi-label", Boolean.toString(kind.multiLabel()))
        .with("truncate", kind.truncation().name());
  }

  @Override
  public CompletableFuture<Replied> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    ClassifyRequest request =
        new ClassifyRequest(
            kind.model(),
            questions.stream().map(List::getFirst).toList(),
            kind.labels(),
            kind.template(),
            kind.multiLabel(),
            kind.truncation(),
            options);
    return ratatoskr
        .classify(request)
        .thenApply(reply -> Replied.of("", reply, item -> given(reply, item)));
  }

  private static Answer.Given given(ClassifyReply reply, ClassifyReply.ItemOutcome item) {
    ClassifyReply.Scored scored = (ClassifyReply.Scored) item;
    float[] scores = new float[scored.scores().size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) scored.scores().get(i).score();
    }
    return new Answer.Given(
        "",
        List.of(
            new Value.Text(scored.top().label()),
            new Value.Real((float) scored.top().score()),
            new Value.Texts(reply.labels()),
            new Value.Reals(scores),
            new Value.Text(reply.model()),
            new Value.Flag(scored.truncated())),
        scored.usedTokens());
  }
}
