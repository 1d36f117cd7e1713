package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.ChatParameter;
import java.net.URI;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where servers of the chat completions API differ in what they are sent; told by their host. */
enum OpenAiDialect {
  /** OpenAI itself, which refuses what it does not know. */
  OPENAI,
  /** OpenRouter, which has reasoning as an object. */
  OPENROUTER,
  /** Everybody else: vLLM, llama.cpp, LM Studio, DeepSeek... */
  COMPATIBLE;

  static OpenAiDialect of(URI baseUrl) {
    String host = baseUrl.getHost().toLowerCase(Locale.ROOT);
    if (host.equals("openrouter.ai") || host.endsWith(".openrouter.ai")) {
      return OPENROUTER;
    }
    return host.equals("openai.com") || host.endsWith(".openai.com") ? OPENAI : COMPATIBLE;
  }

  /** The options that it takes. */
  Set<ChatParameter> parameters() {
    Set<ChatParameter> all = EnumSet.allOf(ChatParameter.class);
    if (this == OPENAI) {
      all.remove(ChatParameter.TOP_K);
      all.remove(ChatParameter.REPETITION_PENALTY);
    }
    return all;
  }

  /** The name of the bound on the answer's tokens. */
  String maxTokens() {
    return this == OPENAI ? "max_completion_tokens" : "max_tokens";
  }
}
