package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.ChatResult;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.Locale;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer as JSON. */
final class ChatJson {
  private ChatJson() {}

  static ObjectNode of(ChatResult result, ObjectMapper json) {
    ChatAnswer answer = result.answer();
    Provenance provenance = result.provenance();
    ObjectNode row = json.createObjectNode();
    row.put("text", answer.text());
    if (!answer.reasoning().isEmpty()) {
      row.put("reasoning", answer.reasoning());
    }
    ArrayNode calls = row.putArray("tool_calls");
    answer
        .toolCalls()
        .forEach(call ->
            calls
                .addObject()
                .put("id", call.id())
                .put("name", call.name())
                .put("arguments", call.arguments()));
    row.put("finish_reason", answer.finishReason().name().toLowerCase(Locale.ROOT));
    TokenUsage usage = answer.usage();
    ObjectNode tokens = row.putObject("usage");
    usage.promptTokens().ifPresent(number -> tokens.put("prompt_tokens", number));
    usage.completionTokens().ifPresent(number -> tokens.put("completion_tokens", number));
    usage.reasoningTokens().ifPresent(number -> tokens.put("reasoning_tokens", number));
    usage.cachedTokens().ifPresent(number -> tokens.put("cached_tokens", number));
    row.put("model", provenance.model());
    row.put("provider", provenance.provider());
    row.put("location", provenance.location().name().toLowerCase(Locale.ROOT));
    row.put("cache", provenance.cache().name().toLowerCase(Locale.ROOT));
    provenance.fallbackFrom().ifPresent(wanted -> row.put("fallback_from", wanted));
    row.put("attempts", provenance.attempts());
    row.put("reason", provenance.reason());
    row.put("total_ms", provenance.totalTime().toMillis());
    row.put("queue_ms", provenance.queueTime().toMillis());
    row.put("execution_ms", provenance.executionTime().toMillis());
    provenance.warnings().forEach(row.withArray("warnings")::add);
    return row;
  }
}
