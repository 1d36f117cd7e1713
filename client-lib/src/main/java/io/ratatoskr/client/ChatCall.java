package io.ratatoskr.client;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * A request that a language model answers, as a whole or as a stream.
 *
 * @param <R> the reply
 */
public sealed interface ChatCall<R extends ChatResult> extends Request<R>
    permits ChatRequest, GenerateRequest {

  /** As {@link RequestOptions#defaults()}, with ten minutes. */
  static RequestOptions defaults() {
    return RequestOptions.defaults().withTimeout(Duration.ofMinutes(10));
  }

  /** Refuses a request without model, and one that wants a random answer to be kept. */
  static void check(String model, ChatOptions chat, RequestOptions options) {
    Exchange.checkModel(model, "llama3.2");
    if (options.cache() != CacheMode.OFF && !chat.temperature().equals(OptionalDouble.of(0))) {
      throw new IllegalArgumentException(
          "cache: only answers at temperature 0 are kept; set temperature to 0 or cache to off");
    }
  }
}
