package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;

/**
 * Reads the replies of one capability.
 *
 * @param type what they are
 * @param reader reads one
 */
record ReplyReader<R extends Reply>(Class<R> type, Call.Reader<R> reader) {

  static <R extends BatchReply<?>> ReplyReader<R> of(Class<R> type, Exchange<?, ?, ?, R> exchange) {
    return new ReplyReader<>(
        type, answer -> exchange.decode(answer.payload(), answer.provenance()));
  }

  /**
   * This reader, where its replies are of that class.
   *
   * @throws RequestFailedException if they are not
   */
  <T extends Reply> Call.Reader<T> as(Class<T> wanted) {
    if (!wanted.isAssignableFrom(type)) {
      throw new RequestFailedException(
          InferenceError.invalidInput(
              "the handle is of a request whose reply is a "
                  + type.getSimpleName()
                  + ", not a "
                  + wanted.getSimpleName()));
    }
    return answer -> wanted.cast(reader.read(answer));
  }
}
