package io.ratatoskr.nli;

import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnx.PairTruncation;
import io.ratatoskr.onnx.TextPair;
import io.ratatoskr.onnxworker.ModelTask;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** What the requests of a pair model have in common. */
final class PairTasks {
  private PairTasks() {}

  static String text(Item item) {
    return ((Text) item.getContent()).getText();
  }

  /**
   * A request that comes down to pairs.
   *
   * @param pairs at least one
   * @param reply makes the reply of the model's results
   */
  static <R extends SpecificRecord> Reading<PairClassifier> wanted(
      String model,
      List<TextPair> pairs,
      io.ratatoskr.schemas.wire.PairTruncation truncation,
      Codec<R> replies,
      Function<PairClassifier, Function<List<ItemResult>, R>> reply) {
    return new Reading.Wanted<>(
        model,
        pairs.size(),
        classifier ->
            new ModelTask<>(
                classifier,
                classifier.prepare(
                    pairs,
                    switch (truncation) {
                      case ERROR -> PairTruncation.ERROR;
                      case LONGEST_FIRST -> PairTruncation.LONGEST_FIRST;
                    }),
                reply.apply(classifier).andThen(replies::encode)));
  }
}
