package io.ratatoskr.embed;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.EmbeddingSpec;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnxworker.ModelTask;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.worker.Work;
import java.util.List;

/** Reads embed requests, and makes replies of the vectors. */
final class EmbedRequests implements RequestReader<Embedder> {
  private final Codec<EmbedRequest> requests;
  private final Codec<EmbedReply> replies;

  EmbedRequests(SchemaIds ids) {
    requests = Codec.of(EmbedRequest.class, ids);
    replies = Codec.of(EmbedReply.class, ids);
  }

  @Override
  public Reading<Embedder> read(Work work) {
    EmbedRequest request = requests.decode(work.payload(), work.schema());
    int items = request.getItems().size();
    return Reading.within(
        items,
        Limits.recordItems(Capability.EMBED),
        () ->
            new Reading.Wanted<>(
                items,
                embedder -> embedder.spec().againstCutTo(request.getDimensions()),
                embedder -> task(embedder, request)));
  }

  private ModelTask<Embedder> task(Embedder embedder, EmbedRequest request) {
    EmbeddingSpec spec = embedder.spec().cutTo(request.getDimensions());
    List<String> texts = request.getItems().stream().map(RequestReader::text).toList();
    return new ModelTask<>(
        embedder,
        embedder.prepare(texts, request.getInputType(), request.getTruncation()),
        results -> replies.encode(reply(spec, results)));
  }

  private static EmbedReply reply(EmbeddingSpec spec, List<ItemResult> results) {
    List<Object> items = results.stream().map(result -> item(spec, result)).toList();
    return new EmbedReply(spec.id(), spec.spaceId(), spec.dimensions(), items);
  }

  private static Object item(EmbeddingSpec spec, ItemResult result) {
    return switch (result) {
      case ItemResult.Inferred embedded ->
          new Embedding(
              Float32.encode(spec.cut(embedded.output())),
              embedded.tokens(),
              embedded.usedTokens(),
              embedded.truncated());
      case ItemResult.NotInferred failed -> ModelTask.error(spec.id(), failed);
    };
  }
}
