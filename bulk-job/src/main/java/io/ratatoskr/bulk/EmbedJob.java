package io.ratatoskr.bulk;

import io.ratatoskr.client.Asker.Outcome;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.Column;
import io.ratatoskr.formats.Value;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Embeds the text of each line. In a file: one vector a line; all of one vector space.
 *
 * @param inputType whether the texts are documents or queries
 * @param truncation what happens to texts above the model's limit
 * @param dimensions length to which vectors are cut; 0 is the model's own
 */
public record EmbedJob(String model, InputType inputType, Truncation truncation, int dimensions)
    implements Inquiry {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("embedding", Column.Type.NUMBERS),
          Column.MODEL,
          new Column("space_id", Column.Type.TEXT),
          Column.TRUNCATED);

  public EmbedJob {
    JobKind.check(model, "all-minilm-l6-v2");
  }

  /** Documents, an error line for texts that are too long. */
  public static EmbedJob of(String model) {
    return new EmbedJob(model, InputType.DOCUMENT, Truncation.ERROR, 0);
  }

  @Override
  public Capability capability() {
    return Capability.EMBED;
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
    return Window.RECORD_ITEMS;
  }

  @Override
  public String unit() {
    return "texts";
  }

  @Override
  public JobIdentity identity() {
    return JobIdentity.of("model", model())
        .with("input-type", inputType().name())
        .with("truncate", truncation().name())
        .with("dimensions", Integer.toString(dimensions()));
  }

  @Override
  public CompletableFuture<List<Outcome<Answer.Given>>> ask(
      Ratatoskr ratatoskr, List<List<String>> questions, RequestOptions options) {
    EmbedRequest request =
        new EmbedRequest(
            model(),
            questions.stream().map(List::getFirst).toList(),
            inputType(),
            truncation(),
            dimensions(),
            options);
    return Inquiry.outcomes(ratatoskr.embed(request), EmbedJob::given);
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
