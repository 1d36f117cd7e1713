package io.ratatoskr.client;

import io.ratatoskr.client.StanceReply.Failed;
import io.ratatoskr.client.StanceReply.ItemOutcome;
import io.ratatoskr.client.StanceReply.Label;
import io.ratatoskr.client.StanceReply.Scored;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceScores;
import java.util.List;

/** Stance: small records, since each text makes a pair per hypothesis. */
final class StanceExchange
    implements Exchange<StanceRequest, StanceRequest.Item, ItemOutcome, StanceReply> {
  private final Codec<io.ratatoskr.schemas.wire.StanceRequest> written;
  private final Codec<io.ratatoskr.schemas.wire.StanceReply> replies;

  StanceExchange(SchemaIds ids) {
    written = Codec.of(io.ratatoskr.schemas.wire.StanceRequest.class, ids);
    replies = Codec.of(io.ratatoskr.schemas.wire.StanceReply.class, ids);
  }

  @Override
  public Class<StanceRequest> requests() {
    return StanceRequest.class;
  }

  @Override
  public Codec<?> codec() {
    return written;
  }

  @Override
  public List<StanceRequest.Item> items(StanceRequest request) {
    return request.items();
  }

  @Override
  public long characters(StanceRequest.Item item) {
    return (long) item.text().length() + item.target().length();
  }

  @Override
  public byte[] encode(StanceRequest request, List<StanceRequest.Item> items) {
    return written.encode(
        new io.ratatoskr.schemas.wire.StanceRequest(
            request.truncation(),
            items.stream()
                .map(item -> new StanceItem(Exchange.item(item.text()), item.target()))
                .toList()));
  }

  @Override
  public StanceReply decode(byte[] payload, Provenance provenance) {
    io.ratatoskr.schemas.wire.StanceReply wire = replies.decode(payload);
    return new StanceReply(
        wire.getModel(), outcomes(wire.getItems(), StanceExchange::outcome), provenance);
  }

  private static ItemOutcome outcome(Object item) {
    StanceScores scores = (StanceScores) item;
    return new Scored(
        scores.getFavor(),
        scores.getAgainst(),
        scores.getNeutral(),
        switch (scores.getLabel()) {
          case FAVOR -> Label.FAVOR;
          case AGAINST -> Label.AGAINST;
          case NEUTRAL -> Label.NEUTRAL;
        },
        scores.getTokens(),
        scores.getUsedTokens(),
        scores.getTruncated());
  }

  @Override
  public ItemOutcome failed(InferenceError error) {
    return new Failed(error);
  }

  @Override
  public StanceReply join(
      List<StanceReply> answers, List<ItemOutcome> items, Provenance provenance) {
    return new StanceReply(answers.get(0).model(), items, provenance);
  }
}
