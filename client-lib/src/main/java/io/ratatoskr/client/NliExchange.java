package io.ratatoskr.client;

import io.ratatoskr.client.NliReply.Failed;
import io.ratatoskr.client.NliReply.ItemOutcome;
import io.ratatoskr.client.NliReply.Label;
import io.ratatoskr.client.NliReply.Scored;
import io.ratatoskr.client.NliRequest.Pair;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliScores;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** NLI: small records, so that a request spreads over a pool; a side in common travels once. */
final class NliExchange implements Exchange<NliRequest, Pair, ItemOutcome, NliReply> {
  private final Codec<io.ratatoskr.schemas.wire.NliRequest> written;
  private final Codec<io.ratatoskr.schemas.wire.NliReply> replies;

  NliExchange(SchemaIds ids) {
    written = Codec.of(io.ratatoskr.schemas.wire.NliRequest.class, ids);
    replies = Codec.of(io.ratatoskr.schemas.wire.NliReply.class, ids);
  }

  @Override
  public Class<NliRequest> requests() {
    return NliRequest.class;
  }

  @Override
  public Codec<?> codec() {
    return written;
  }

  @Override
  public List<Pair> items(NliRequest request) {
    return request.pairs();
  }

  /** Either side may turn out to be shared, so neither is sure to add to the record. */
  @Override
  public long characters(Pair pair) {
    return Math.min(pair.premise().length(), pair.hypothesis().length());
  }

  @Override
  public byte[] encode(NliRequest request, List<Pair> pairs) {
    @Nullable Item premise = shared(pairs, Pair::premise);
    @Nullable Item hypothesis = shared(pairs, Pair::hypothesis);
    return written.encode(
        new io.ratatoskr.schemas.wire.NliRequest(
            request.truncation(),
            premise,
            hypothesis,
            pairs.stream()
                .map(pair ->
                    new NliPair(
                        premise == null ? Exchange.item(pair.premise()) : null,
                        hypothesis == null ? Exchange.item(pair.hypothesis()) : null))
                .toList()));
  }

  private static @Nullable Item shared(List<Pair> pairs, Function<Pair, String> side) {
    String first = side.apply(pairs.get(0));
    boolean common =
        pairs.size() > 1 && pairs.stream().allMatch(pair -> side.apply(pair).equals(first));
    return common ? Exchange.item(first) : null;
  }

  @Override
  public NliReply decode(byte[] payload, Provenance provenance) {
    io.ratatoskr.schemas.wire.NliReply wire = replies.decode(payload);
    return new NliReply(
        wire.getModel(), outcomes(wire.getItems(), NliExchange::outcome), provenance);
  }

  private static ItemOutcome outcome(Object item) {
    NliScores scores = (NliScores) item;
    Float neutral = scores.getNeutral();
    return new Scored(
        scores.getEntailment(),
        neutral == null ? OptionalDouble.empty() : OptionalDouble.of(neutral),
        scores.getContradiction(),
        switch (scores.getLabel()) {
          case ENTAILMENT -> Label.ENTAILMENT;
          case NEUTRAL -> Label.NEUTRAL;
          case CONTRADICTION -> Label.CONTRADICTION;
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
  public NliReply join(List<NliReply> answers, List<ItemOutcome> items, Provenance provenance) {
    return new NliReply(answers.get(0).model(), items, provenance);
  }
}
