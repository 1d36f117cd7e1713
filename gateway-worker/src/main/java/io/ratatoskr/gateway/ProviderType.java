package io.ratatoskr.gateway;

import java.net.URI;

/** The languages that providers speak. */
public enum ProviderType {
  /** Chat completions of OpenAI, and of the many servers that are compatible with it. */
  OPENAI("https://api.openai.com/v1"),
  /** Ollama's own API. */
  OLLAMA("http://localhost:11434"),
  /** Anthropic's messages. */
  ANTHROPIC("https://api.anthropic.com");

  private final String baseUrl;

  ProviderType(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Where such a provider is asked unless the configuration says otherwise. */
  public URI defaultBaseUrl() {
    return URI.create(baseUrl);
  }
}
