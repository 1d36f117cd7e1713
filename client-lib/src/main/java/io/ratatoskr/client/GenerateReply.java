package io.ratatoskr.client;

import io.ratatoskr.schemas.chat.ChatAnswer;

/**
 * The answer to a {@link GenerateRequest}.
 *
 * @param answer text, reasoning, why it ended, tokens
 * @param provenance who gave it
 */
public record GenerateReply(ChatAnswer answer, Provenance provenance) implements ChatResult {}
