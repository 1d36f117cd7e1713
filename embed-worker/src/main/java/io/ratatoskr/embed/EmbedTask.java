package io.ratatoskr.embed;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.Prepared;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.Embedding;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * One request, tokenised.
 *
 * @param embedder the model that runs it
 * @param prepared the texts that can be run, in their order
 * @param blank for each item of the request whether it is blank and so not among them
 */
record EmbedTask(Embedder embedder, Prepared prepared, List<Boolean> blank) {

  /** The reply to the request, an outcome for each item in its order. */
  EmbedReply reply(List<ItemResult> results) {
    Iterator<ItemResult> next = results.iterator();
    List<Object> items = new ArrayList<>(blank.size());
    for (boolean refused : blank) {
      items.add(
          refused
              ? ErrorCode.toWire(new InferenceError.InvalidInput("The text is empty."))
              : item(next.next()));
    }
    return new EmbedReply(
        embedder.spec().id(), embedder.spec().spaceId(), embedder.spec().dimensions(), items);
  }

  private Object item(ItemResult result) {
    return switch (result) {
      case ItemResult.Embedded embedded ->
          new Embedding(
              Float32.encode(embedded.vector()),
              embedded.tokens(),
              embedded.usedTokens(),
              embedded.truncated());
      case ItemResult.TooLong tooLong ->
          ErrorCode.toWire(
              new InferenceError.ContextLengthExceeded(
                  tooLong.limit(),
                  "The text has %d tokens, %s takes %d."
                      .formatted(tooLong.tokens(), embedder.spec().id(), tooLong.limit())));
      case ItemResult.NoTokens noTokens ->
          ErrorCode.toWire(new InferenceError.InvalidInput(noTokens.message()));
      case ItemResult.OutOfMemory outOfMemory ->
          ErrorCode.toWire(new InferenceError.Overloaded(outOfMemory.message()));
      case ItemResult.NotANumber notANumber ->
          ErrorCode.toWire(new InferenceError.DataError(notANumber.message()));
      case ItemResult.Native failure ->
          ErrorCode.toWire(new InferenceError.Llm(true, failure.message()));
    };
  }
}
