package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.OnnxModel;
import io.ratatoskr.onnx.Tokenised;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.ErrorRecord;
import java.util.List;
import java.util.function.Function;

/**
 * One request, tokenised.
 *
 * @param model runs it
 * @param tokenised the request's inputs, in their order
 * @param reply makes the reply's bytes of their results
 */
public record ModelTask<M extends OnnxModel>(
    M model, Tokenised tokenised, Function<List<ItemResult>, byte[]> reply) {

  /** The error of an item for which the model gave nothing. */
  public static ErrorRecord error(String model, ItemResult.NotInferred result) {
    InferenceError error =
        switch (result) {
          case ItemResult.TooLong tooLong ->
              InferenceError.contextLengthExceeded(
                  tooLong.limit(),
                  "The input has %d tokens, %s takes %d."
                      .formatted(tooLong.tokens(), model, tooLong.limit()));
          case ItemResult.NoTokens noTokens -> InferenceError.invalidInput(noTokens.message());
          case ItemResult.OutOfMemory outOfMemory ->
              InferenceError.overloaded(outOfMemory.message());
          case ItemResult.NotANumber notANumber -> InferenceError.dataError(notANumber.message());
          case ItemResult.Native failure -> InferenceError.llm(true, failure.message());
        };
    return error.toWire();
  }
}
