package io.ratatoskr.client;

import io.ratatoskr.schemas.chat.ChatAnswer;

/**
 * The answer to a {@link ChatRequest}.
 *
 * @param answer content, reasoning, tool calls, why it ended, tokens
 * @param provenance who gave it
 */
public record ChatReply(ChatAnswer answer, Provenance provenance) implements ChatResult {}
