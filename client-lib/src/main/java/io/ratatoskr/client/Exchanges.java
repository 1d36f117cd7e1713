package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.SchemaIds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The exchanges of all capabilities, and the readers of their replies.
 *
 * @param ids schema ids of all records
 * @param byRequest those whose requests hold several items, by the class of their requests
 * @param chat that of language models
 * @param replies reads what holds a reply
 * @param readers read the replies themselves
 */
record Exchanges(
    SchemaIds ids,
    Map<Class<?>, Exchange<?, ?, ?, ?>> byRequest,
    ChatExchange chat,
    ReplyReading replies,
    Map<Capability, ReplyReader<?>> readers) {

  /**
   * Asks for the ids of all schemas.
   *
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives them none
   */
  static Exchanges of(SchemaIds ids) {
    EmbedExchange embed = new EmbedExchange(ids);
    NliExchange nli = new NliExchange(ids);
    ClassifyExchange classify = new ClassifyExchange(ids);
    StanceExchange stance = new StanceExchange(ids);
    TokenizeExchange tokenize = new TokenizeExchange(ids);
    ChatExchange chat = new ChatExchange(ids);
    List<Exchange<?, ?, ?, ?>> all = List.of(embed, nli, classify, stance, tokenize);
    return new Exchanges(
        ids,
        all.stream().collect(Collectors.toUnmodifiableMap(Exchange::requests, Function.identity())),
        chat,
        new ReplyReading(ids),
        Map.of(
            Capability.EMBED, ReplyReader.of(EmbedReply.class, embed),
            Capability.NLI, ReplyReader.of(NliReply.class, nli),
            Capability.CLASSIFY, ReplyReader.of(ClassifyReply.class, classify),
            Capability.STANCE, ReplyReader.of(StanceReply.class, stance),
            Capability.TOKENIZE, ReplyReader.of(TokenizeReply.class, tokenize),
            Capability.CHAT, new ReplyReader<>(ChatReply.class, chat::chatReply),
            Capability.GENERATE, new ReplyReader<>(GenerateReply.class, chat::generateReply)));
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

  /** The reader of a capability's replies. */
  ReplyReader<?> reader(Capability capability) {
    return Objects.requireNonNull(readers.get(capability));
  }
}
