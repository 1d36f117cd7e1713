package io.ratatoskr.client;

import io.ratatoskr.schemas.SchemaIds;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The exchanges of all capabilities, and the reader of their replies.
 *
 * @param byRequest those whose requests hold several items, by the class of their requests
 * @param chat that of language models
 */
record Exchanges(
    Map<Class<?>, Exchange<?, ?, ?, ?>> byRequest, ChatExchange chat, ReplyReading replies) {

  /**
   * Asks for the ids of all schemas.
   *
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives them none
   */
  static Exchanges of(SchemaIds ids) {
    List<Exchange<?, ?, ?, ?>> all =
        List.of(
            new EmbedExchange(ids),
            new NliExchange(ids),
            new ClassifyExchange(ids),
            new StanceExchange(ids),
            new TokenizeExchange(ids));
    return new Exchanges(
        all.stream().collect(Collectors.toUnmodifiableMap(Exchange::requests, Function.identity())),
        new ChatExchange(ids),
        new ReplyReading(ids));
  }

  /**
   * The exchange of a request.
   *
   * @throws IllegalArgumentException if its class is none of this library's
   */
  Exchange<?, ?, ?, ?> of(Request<?> request) {
    Exchange<?, ?, ?, ?> exchange = byRequest.get(request.getClass());
    if (exchange == null) {
      throw new IllegalArgumentException(
          "request: this release cannot send a " + request.getClass().getName());
    }
    return exchange;
  }
}
