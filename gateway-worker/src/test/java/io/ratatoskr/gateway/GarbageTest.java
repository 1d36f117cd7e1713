package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.chat.ChatAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okio.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a provider writes is an answer or a typed error, never an exception of another kind. */
class GarbageTest {
  private static final List<JsonNode> OTHERS =
      List.of(
          Document.node("null"),
          Document.node("-1"),
          Document.node("1e300"),
          Document.node("\"\""),
          Document.node("\"x\""),
          Document.node("true"),
          Document.node("[]"),
          Document.node("[[{}]]"),
          Document.node("{}"));

  private static List<JsonNode> documents(String file) throws IOException {
    Framing framing =
        file.endsWith(".sse")
            ? Framing.SSE
            : file.endsWith(".ndjson") ? Framing.NDJSON : Framing.JSON;
    List<JsonNode> all = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(
            GarbageTest.class.getResourceAsStream("/io/ratatoskr/gateway/" + file), file)) {
      Framing.Documents documents = framing.of(new Buffer().readFrom(in));
      for (Document next = documents.next(); next != null; next = documents.next()) {
        all.add(next.node());
      }
    }
    return all;
  }

  private static Optional<ChatAnswer> read(Provider provider, List<JsonNode> documents) {
    AnswerSink sink = new AnswerSink(event -> {}, false);
    Provider.AnswerReader reader = provider.reader();
    try {
      for (JsonNode document : documents) {
        if (reader.read(new Document(document), sink)) {
          return sink.answer();
        }
      }
      reader.end(sink);
      return sink.answer();
    } catch (ProviderFailure e) {
      return Optional.empty();
    }
  }

  /** All documents that differ from one in a single value, which is replaced or missing. */
  private static List<JsonNode> variants(JsonNode node) {
    List<JsonNode> all = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        ObjectNode without = object.deepCopy();
        without.remove(name);
        all.add(without);
        for (JsonNode other : others(object.get(name))) {
          ObjectNode changed = object.deepCopy();
          changed.set(name, other);
          all.add(changed);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        for (JsonNode other : others(array.get(i))) {
          ArrayNode changed = array.deepCopy();
          changed.set(i, other);
          all.add(changed);
        }
      }
    }
    return all;
  }

  private static List<JsonNode> others(JsonNode value) {
    List<JsonNode> all = new ArrayList<>(OTHERS);
    all.addAll(variants(value));
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, openai/tools.json",
    "OPENAI, openai/tools.sse",
    "OPENAI, openai/reasoning-details.sse",
    "OLLAMA, ollama/tools.json",
    "OLLAMA, ollama/tools.ndjson",
    "OLLAMA, ollama/reasoning.ndjson",
    "ANTHROPIC, anthropic/tools.json",
    "ANTHROPIC, anthropic/tools.sse",
    "ANTHROPIC, anthropic/thinking-tools.sse"
  })
  void documents_withAnyValueReplaced_lost_orTwice_areAnswersOrTypedErrors(
      ProviderType type, String file) throws IOException {
    Provider provider = Provider.of(ProviderConfig.of("p", type, URI.create("http://localhost:1")));
    List<JsonNode> good = documents(file);
    assertThat(read(provider, good)).isPresent();
    int tried = 0;
    for (int i = 0; i < good.size(); i++) {
      for (JsonNode other : others(good.get(i))) {
        List<JsonNode> bad = new ArrayList<>(good);
        bad.set(i, other);
        read(provider, bad).ifPresent(GarbageTest::assertUsable);
        tried++;
      }
      List<JsonNode> twice = new ArrayList<>(good);
      twice.add(i, good.get(i));
      read(provider, twice).ifPresent(GarbageTest::assertUsable);
      List<JsonNode> lost = new ArrayList<>(good);
      lost.remove(i);
      read(provider, lost).ifPresent(GarbageTest::assertUsable);
    }
    assertThat(tried).isGreaterThan(100);
  }

  /** It can be sent, and stand in the conversation that goes on. */
  private static void assertUsable(ChatAnswer answer) {
    assertThat(ChatAnswer.ofWire(answer.toWire())).isEqualTo(answer);
    if (!answer.content().isEmpty() || !answer.toolCalls().isEmpty()) {
      assertThat(answer.message().toolCalls()).isEqualTo(answer.toolCalls());
    }
  }
}
