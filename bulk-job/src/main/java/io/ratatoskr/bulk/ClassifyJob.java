package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Column;
import io.ratatoskr.formats.Value;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.PairTruncation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Classifies the text of each line by labels. In a file: one text a line, and the same labels for
 * all.
 *
 * @param labels 1 to 1,024 labels, each once
 * @param template the hypothesis, with <code>{}</code> where the label goes
 * @param multiLabel whether each label is judged by itself
 * @param truncation what happens to texts that are, with a label, above the model's limit
 */
public record ClassifyJob(
    String model,
    List<String> labels,
    String template,
    boolean multiLabel,
    PairTruncation truncation)
    implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          Column.LABEL,
          Column.number("score"),
          new Column("labels", Column.Type.TEXTS),
          new Column("scores", Column.Type.NUMBERS),
          Column.MODEL,
          Column.TRUNCATED);

  public ClassifyJob {
    labels = List.copyOf(labels);
    // What a request could not be made of is refused here, before the job begins.
    var _ =
        ClassifyRequest.of(model, "text", labels).withTemplate(template).withMultiLabel(multiLabel);
  }

  /** One label a text, the default template, an error line for texts that are too long. */
  public static ClassifyJob of(String model, List<String> labels) {
    return new ClassifyJob(
        model, labels, ClassifyRequest.DEFAULT_TEMPLATE, false, PairTruncation.ERROR);
  }

  @Override
  public Capability capability() {
    return Capability.CLASSIFY;
  }

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
    return Limits.labelledItems(labels().size());
  }

  @Override
  public String unit() {
    return "texts";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", model())
        .with("labels", labels())
        .with("template", template())
        .with("multi-label", Boolean.toString(multiLabel()))
        .with("truncate", truncation().name());
  }

  @Override
  public CompletableFuture<List<Outcome<Answer.Given>>> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    ClassifyRequest request =
        new ClassifyRequest(
            model(),
            questions.stream().map(List::getFirst).toList(),
            labels(),
            template(),
            multiLabel(),
            truncation(),
            options);
    return Inquiry.outcomes(ratatoskr.classify(request), ClassifyJob::given);
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
