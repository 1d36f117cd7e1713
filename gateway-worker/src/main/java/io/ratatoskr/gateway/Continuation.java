package io.ratatoskr.gateway;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a provider wants to see again when a conversation goes on. It names the language it is of,
 * so that another provider, which a later turn may be asked of, leaves it out.
 */
enum Continuation {
  OPENAI("openai"),
  ANTHROPIC("anthropic");

  private final String language;

  Continuation(String language) {
    this.language = language;
  }

  /** As it travels; empty where there is nothing in it. */
  String write(JsonNode state) {
    return state.isEmpty() ? "" : Document.object().set(language, state).toString();
  }

  /** What this language wrote, if it was this one. */
  Optional<Document> read(String continuation) {
    return Document.tryParse(continuation)
        .filter(document -> document.has(language))
        .map(document -> document.at(language));
  }
}
