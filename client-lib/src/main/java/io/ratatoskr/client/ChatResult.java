package io.ratatoskr.client;

import io.ratatoskr.schemas.chat.ChatAnswer;

/** The whole answer of a language model. */
public sealed interface ChatResult extends Reply permits ChatReply, GenerateReply {

  /** The answer. */
  ChatAnswer answer();

  /** The text of the answer; empty where the model only called tools. */
  default String text() {
    return answer().text();
  }
}
