package io.ratatoskr.client;

import io.ratatoskr.schemas.SchemaIds;

/** What requests and replies are written and read with. */
record Exchanges(
    EmbedExchange embed,
    NliExchange nli,
    ClassifyExchange classify,
    StanceExchange stance,
    TokenizeExchange tokenize,
    ReplyReading replies) {

  /**
   * Asks for the ids of all schemas.
   *
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives them none
   */
  static Exchanges of(SchemaIds ids) {
    return new Exchanges(
        new EmbedExchange(ids),
        new NliExchange(ids),
        new ClassifyExchange(ids),
        new StanceExchange(ids),
        new TokenizeExchange(ids),
        new ReplyReading(ids));
  }
}
