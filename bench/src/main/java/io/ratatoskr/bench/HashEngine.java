package io.ratatoskr.bench;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Run;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.Work;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Vectors out of hash values: all of the path and none of the inference. */
final class HashEngine implements Engine<EmbedReply> {
  static final String MODEL = "hash";
  private static final int DIMENSIONS = 384;

  private final Codec<EmbedRequest> requests = Codec.of(EmbedRequest.class, SchemaIds.derived());
  private final Codec<EmbedReply> replies = Codec.of(EmbedReply.class, SchemaIds.derived());

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.EMBED);
  }

  @Override
  public List<ServedModel> models() {
    return List.of(
        new ServedModel(MODEL, ServedModel.Readiness.READY, null, "1", MODEL, DIMENSIONS, 1 << 20));
  }

  @Override
  public Prepared<EmbedReply> prepare(Work work) {
    EmbedRequest request = requests.decode(work.payload(), work.schema());
    List<Object> items = request.getItems().stream().map(HashEngine::embed).toList();
    return new Prepared.Ready<>(
        new EmbedReply(MODEL, MODEL, DIMENSIONS, items), Math.max(1, items.size()));
  }

  private static Object embed(Item item) {
    String text = ((Text) item.getContent()).getText();
    SplittableRandom random = new SplittableRandom(text.hashCode());
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return new Embedding(Float32.encode(vector), text.length(), text.length(), false);
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<EmbedReply>> runs, Lane lane) {
    return runs.stream()
        .map(Run::task)
        .map(reply ->
            CompletableFuture.<Outcome>completedFuture(
                new Outcome.Answered(
                    replies.encode(reply), new Outcome.Answerer(MODEL, MODEL, "1", false))))
        .toList();
  }

  @Override
  public void close() {}
}
