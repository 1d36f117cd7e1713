package io.ratatoskr.client;

import io.ratatoskr.client.EmbedReply.Embedded;
import io.ratatoskr.client.EmbedReply.Failed;
import io.ratatoskr.client.EmbedReply.ItemOutcome;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Embedding;
import java.util.List;

/** Embedding: one record for all texts. Replies of different vector spaces do not join. */
final class EmbedExchange implements Exchange<EmbedRequest, String, ItemOutcome, EmbedReply> {
  private final Codec<io.ratatoskr.schemas.wire.EmbedRequest> written;
  private final Codec<io.ratatoskr.schemas.wire.EmbedReply> replies;

  EmbedExchange(SchemaIds ids) {
    written = Codec.of(io.ratatoskr.schemas.wire.EmbedRequest.class, ids);
    replies = Codec.of(io.ratatoskr.schemas.wire.EmbedReply.class, ids);
  }

  @Override
  public Class<EmbedRequest> requests() {
    return EmbedRequest.class;
  }

  @Override
  public Codec<?> codec() {
    return written;
  }

  @Override
  public List<String> items(EmbedRequest request) {
    return request.texts();
  }

  @Override
  public long characters(String text) {
    return text.length();
  }

  @Override
  public byte[] encode(EmbedRequest request, List<String> texts) {
    return written.encode(
        io.ratatoskr.schemas.wire.EmbedRequest.newBuilder()
            .setInputType(request.inputType())
            .setTruncation(request.truncation())
            .setDimensions(request.dimensions())
            .setItems(texts.stream().map(Exchange::item).toList())
            .build());
  }

  @Override
  public EmbedReply decode(byte[] payload, Provenance provenance) {
    io.ratatoskr.schemas.wire.EmbedReply wire = replies.decode(payload);
    List<ItemOutcome> items =
        outcomes(wire.getItems(), item -> outcome(item, wire.getDimensions()));
    return new EmbedReply(
        wire.getModel(), wire.getSpaceId(), wire.getDimensions(), items, provenance);
  }

  private static ItemOutcome outcome(Object item, int dimensions) {
    Embedding embedding = (Embedding) item;
    float[] vector = Float32.decode(embedding.getVector());
    if (vector.length != dimensions) {
      throw new IllegalArgumentException(
          "a vector has " + vector.length + " components instead of " + dimensions);
    }
    return new Embedded(
        vector, embedding.getTokens(), embedding.getUsedTokens(), embedding.getTruncated());
  }

  @Override
  public ItemOutcome failed(InferenceError error) {
    return new Failed(error);
  }

  @Override
  public EmbedReply join(List<EmbedReply> answers, List<ItemOutcome> items, Provenance provenance) {
    EmbedReply first = answers.get(0);
    if (answers.stream().anyMatch(answer -> !answer.spaceId().equals(first.spaceId()))) {
      throw new RequestFailedException(
          InferenceError.dataError(
              "the items were embedded in different vector spaces, as while a model is replaced;"
                  + " try again"));
    }
    return new EmbedReply(first.model(), first.spaceId(), first.dimensions(), items, provenance);
  }
}
