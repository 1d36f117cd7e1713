package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatParameter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The language of a provider: how a request becomes a call of HTTP, how its answer becomes events,
 * and what is particular about its refusals. Everything else about a call is {@link
 * ProviderClient}'s. Thread-safe.
 */
interface Provider {

  /** The options that it takes; others are refused before anything is sent. */
  Set<ChatParameter> parameters();

  /** The path of a chat below the base URL. */
  String chatPath();

  /**
   * The body of a call.
   *
   * @throws ProviderFailure if the request wants what the provider cannot do
   */
  ObjectNode body(ProviderRequest request) throws ProviderFailure;

  /** How it frames the documents of a stream. */
  Framing streaming();

  /** A reader of one answer. */
  AnswerReader reader();

  /** The headers of every call. */
  Map<String, String> headers();

  /** The header that carries the key. */
  AuthHeader auth();

  /** How it makes vectors; empty where it makes none. */
  default Optional<Embedding> embedding() {
    return Optional.empty();
  }

  /** The error of a refusal that means something particular. */
  default Optional<InferenceError> refusal(int status, ErrorBody body, String model) {
    return Optional.empty();
  }

  /** What to do where the server cannot be reached. */
  default String unreachableHint() {
    return "";
  }

  /**
   * The header that carries the key.
   *
   * @param name of the header
   * @param prefix of its value
   */
  record AuthHeader(String name, String prefix) {
    static final AuthHeader BEARER = new AuthHeader("Authorization", "Bearer ");
  }

  /**
   * How a provider makes vectors.
   *
   * @param path below the base URL
   * @param dialect of requests and answers
   */
  record Embedding(String path, EmbeddingDialect dialect) {}

  /** Reads the documents of one answer. */
  interface AnswerReader {

    /**
     * Takes the next document, or the only one of an answer in one piece.
     *
     * @return whether the answer is complete; nothing is read after it
     */
    boolean read(Document document, AnswerSink out) throws ProviderFailure;

    /**
     * There are no more documents.
     *
     * @throws ProviderFailure with {@code Stream} if the answer is not complete
     */
    void end(AnswerSink out) throws ProviderFailure;

    /** The model as the provider named it; empty where it did not. */
    String revision();
  }

  /** The provider of a configuration. */
  static Provider of(ProviderConfig config) {
    return switch (config.type()) {
      case OPENAI -> new OpenAiProvider(config);
      case OLLAMA -> new OllamaProvider(config);
      case ANTHROPIC -> new AnthropicProvider(config);
    };
  }
}
