package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.OnnxModel;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.Work;

/** Reads the requests of one capability. Called by several threads at once. */
public interface RequestReader<M extends OnnxModel> extends AutoCloseable {

  /**
   * Decodes and checks a request.
   *
   * @throws UndecodableRecordException when its payload is none
   */
  Reading<M> read(Work work);

  /** The text that an item of a request is. */
  static String text(Item item) {
    return ((Text) item.getContent()).getText();
  }

  /** Frees what it holds, where it holds anything. */
  @Override
  default void close() {}
}
