package io.ratatoskr.nli;

import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnxworker.ModelTask;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.ErrorRecord;

/**
 * The names that a request gives to the texts that the model reads as premise and hypothesis;
 * errors use them.
 */
record Sides(String premise, String hypothesis) {

  /** The error of an item for which the model gave nothing. */
  ErrorRecord error(String model, ItemResult.NotInferred result) {
    if (result instanceof ItemResult.NoTokens empty) {
      String name =
          switch (empty.part()) {
            case TEXT, PREMISE -> premise;
            case HYPOTHESIS -> hypothesis;
          };
      return InferenceError.invalidInput("The %s is empty.".formatted(name)).toWire();
    }
    return ModelTask.error(model, result);
  }
}
