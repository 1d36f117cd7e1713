package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Truncation;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Work;
import java.util.List;

/** Reads embed requests, and makes replies of a provider's vectors. */
final class GatewayEmbeddings {
  private final ProviderConfig provider;
  private final Codec<EmbedRequest> requests;
  private final Codec<EmbedReply> replies;

  GatewayEmbeddings(ProviderConfig provider, SchemaIds ids) {
    this.provider = provider;
    this.requests = Codec.of(EmbedRequest.class, ids);
    this.replies = Codec.of(EmbedReply.class, ids);
  }

  Prepared<GatewayEngine.Asked> prepare(Work work) {
    EmbedRequest request = requests.decode(work.payload(), work.schema());
    int items = request.getItems().size();
    int most = Limits.recordItems(Capability.EMBED);
    if (items < 1 || items > most) {
      return refused(
          InferenceError.invalidInput(
              "A request holds 1 to %d items, this one %d.".formatted(most, items)));
    }
    if (request.getTruncation() != Truncation.ERROR) {
      return refused(
          InferenceError.unsupportedParameter(
              "truncation",
              work.model(),
              provider.name(),
              "Provider %s never cuts texts; leave truncation out, or ask a local model."
                  .formatted(provider.name())));
    }
    List<String> texts =
        request.getItems().stream().map(item -> ((Text) item.getContent()).getText()).toList();
    return new Prepared.Ready<>(
        new GatewayEngine.Asked.Vectors(
            work.model(), texts, request.getDimensions(), Trace.of(work.traceparent())),
        items);
  }

  private static Prepared<GatewayEngine.Asked> refused(InferenceError error) {
    return new Prepared.Settled<>(new Outcome.Rejected(error));
  }

  /** The reply of a request whose texts have their outcomes. */
  byte[] reply(String model, EmbeddingRun.Outcome.Done done) {
    List<Object> items = done.items().stream().map(GatewayEmbeddings::wire).toList();
    return replies.encode(new EmbedReply(model, done.spaceId(), done.dimensions(), items));
  }

  private static Object wire(EmbeddingRun.Item item) {
    return switch (item) {
      case EmbeddingRun.Item.Embedded embedded ->
          new Embedding(
              Float32.encode(embedded.vector()), embedded.tokens(), embedded.tokens(), false);
      case EmbeddingRun.Item.Refused refused -> refused.error().toWire();
    };
  }
}
