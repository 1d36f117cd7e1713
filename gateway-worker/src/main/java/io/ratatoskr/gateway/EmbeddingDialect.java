package io.ratatoskr.gateway;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a provider is asked for vectors. */
enum EmbeddingDialect {
  /** OpenAI and the servers that are compatible with it. */
  OPENAI("prompt_tokens") {
    @Override
    ObjectNode body(EmbeddingInput input) {
      return withTexts(input).put("encoding_format", "float");
    }

    @Override
    List<Document> vectors(Document answer) {
      return answer.list("data").stream()
          .sorted((a, b) -> Long.compare(index(a), index(b)))
          .map(item -> item.at("embedding"))
          .toList();
    }

    @Override
    Document usage(Document answer) {
      return answer.at("usage");
    }
  },
  /** Ollama, which would cut texts that are too long unless told not to. */
  OLLAMA("prompt_eval_count") {
    @Override
    ObjectNode body(EmbeddingInput input) {
      return withTexts(input).put("truncate", false);
    }

    @Override
    List<Document> vectors(Document answer) {
      return answer.list("embeddings");
    }

    @Override
    Document usage(Document answer) {
      return answer;
    }
  };

  private final String tokens;

  EmbeddingDialect(String tokens) {
    this.tokens = tokens;
  }

  abstract ObjectNode body(EmbeddingInput input);

  /** The vectors, in the order of the texts. */
  abstract List<Document> vectors(Document answer);

  /** Where the count of tokens stands. */
  abstract Document usage(Document answer);

  /** The name of the count of tokens. */
  String tokens() {
    return tokens;
  }

  private static long index(Document item) {
    return item.count("index").orElse(0);
  }

  private static ObjectNode withTexts(EmbeddingInput input) {
    ObjectNode body = Document.object().put("model", input.model());
    ArrayNode texts = body.putArray("input");
    input.texts().forEach(texts::add);
    if (input.dimensions() > 0) {
      body.put("dimensions", input.dimensions());
    }
    return body;
  }
}
