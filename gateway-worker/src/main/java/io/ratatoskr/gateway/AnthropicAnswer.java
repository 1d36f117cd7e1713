package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer of Anthropic's messages, as events or whole. Blocks are numbered by the provider, tool
 * calls among them by us; blocks of kinds that are unknown here are passed over.
 */
final class AnthropicAnswer implements Provider.AnswerReader {
  private static final String SIGNATURE = "signature";
  private static final String THINKING = "thinking";

  private final String provider;
  private final Map<Long, Integer> callByBlock = new HashMap<>();
  private final Map<Long, StringBuilder> thinkingByBlock = new HashMap<>();
  private final Map<Long, StringBuilder> signatureByBlock = new HashMap<>();
  private final ArrayNode continuation = Document.object().putArray(THINKING);
  private int calls;
  private OptionalLong input = OptionalLong.empty();
  private OptionalLong cacheWritten = OptionalLong.empty();
  private OptionalLong cacheRead = OptionalLong.empty();
  private OptionalLong output = OptionalLong.empty();
  private OptionalLong thought = OptionalLong.empty();
  private String revision = "";
  private FinishReason finish = FinishReason.OTHER;

  AnthropicAnswer(String provider) {
    this.provider = provider;
  }

  @Override
  public String revision() {
    return revision;
  }

  @Override
  public boolean read(Document document, AnswerSink out) throws ProviderFailure {
    switch (document.text("type")) {
      case "message" -> {
        whole(document, out);
        return true;
      }
      case "message_start" -> {
        revision = document.at("message").text("model");
        count(document.at("message").at("usage"));
      }
      case "content_block_start" -> start(block(document), document.at("content_block"), out);
      case "content_block_delta" -> delta(block(document), document.at("delta"), out);
      case "content_block_stop" -> stop(block(document), out);
      case "message_delta" -> {
        finish = reason(document.at("delta").text("stop_reason"));
        count(document.at("usage"));
      }
      case "message_stop" -> {
        done(out);
        return true;
      }
      default -> {
        // Pings, and what later versions add.
      }
    }
    return false;
  }

  private static long block(Document document) {
    return document.count("index").orElse(0);
  }

  private void whole(Document message, AnswerSink out) throws ProviderFailure {
    revision = message.text("model");
    count(message.at("usage"));
    long block = 0;
    for (Document content : message.list("content")) {
      start(block, content, out);
      if (content.text("type").equals("tool_use")) {
        delta(block, "input_json_delta", content.at("input").json(), out);
      }
      stop(block, out);
      block++;
    }
    finish = reason(message.text("stop_reason"));
    done(out);
  }

  private void start(long block, Document content, AnswerSink out) throws ProviderFailure {
    switch (content.text("type")) {
      case "text" -> out.content(content.text("text"));
      case THINKING -> {
        thinkingByBlock.put(block, new StringBuilder());
        signatureByBlock.put(block, new StringBuilder(content.text(SIGNATURE)));
        delta(block, "thinking_delta", content.text(THINKING), out);
      }
      case "redacted_thinking" -> continuation.add(content.node());
      case "tool_use" -> {
        callByBlock.put(block, calls);
        out.toolCallStart(calls, content.text("id"), content.text("name"));
        calls++;
      }
      default -> {
        // Tools that run at the provider are not asked for.
      }
    }
  }

  private void delta(long block, Document delta, AnswerSink out) throws ProviderFailure {
    String type = delta.text("type");
    String member =
        switch (type) {
          case "text_delta" -> "text";
          case "thinking_delta" -> THINKING;
          case "signature_delta" -> SIGNATURE;
          case "input_json_delta" -> "partial_json";
          default -> "";
        };
    delta(block, type, delta.text(member), out);
  }

  private void delta(long block, String type, String piece, AnswerSink out) throws ProviderFailure {
    switch (type) {
      case "text_delta" -> out.content(piece);
      case "thinking_delta" -> {
        thinkingByBlock.computeIfAbsent(block, key -> new StringBuilder()).append(piece);
        out.reasoning(piece);
      }
      case "signature_delta" ->
          signatureByBlock.computeIfAbsent(block, key -> new StringBuilder()).append(piece);
      case "input_json_delta" -> {
        Integer call = callByBlock.get(block);
        if (call != null) {
          out.toolCallDelta(call, piece);
        }
      }
      default -> {
        // Citations and the like.
      }
    }
  }

  private void stop(long block, AnswerSink out) throws ProviderFailure {
    Integer call = callByBlock.remove(block);
    if (call != null) {
      out.toolCallEnd(call);
    }
    StringBuilder thinking = thinkingByBlock.remove(block);
    StringBuilder signature = signatureByBlock.remove(block);
    if (thinking != null && signature != null && !signature.isEmpty()) {
      ObjectNode signed = continuation.addObject();
      signed.put("type", THINKING).put(THINKING, thinking.toString());
      signed.put(SIGNATURE, signature.toString());
    }
  }

  /** Counts are of the whole so far, and a later event may leave some out. */
  private void count(Document usage) {
    input = later(input, usage.count("input_tokens"));
    cacheWritten = later(cacheWritten, usage.count("cache_creation_input_tokens"));
    cacheRead = later(cacheRead, usage.count("cache_read_input_tokens"));
    output = later(output, usage.count("output_tokens"));
    thought = later(thought, usage.at("output_tokens_details").count("thinking_tokens"));
  }

  private static OptionalLong later(OptionalLong before, OptionalLong now) {
    return now.isPresent() ? now : before;
  }

  private static FinishReason reason(String name) {
    return switch (name) {
      case "end_turn", "stop_sequence" -> FinishReason.STOP;
      case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
      case "tool_use" -> FinishReason.TOOL_CALLS;
      case "refusal" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.OTHER;
    };
  }

  private void done(AnswerSink out) throws ProviderFailure {
    for (int call : callByBlock.values().stream().sorted().toList()) {
      out.toolCallEnd(call);
    }
    OptionalLong prompt =
        input.isPresent()
            ? OptionalLong.of(input.getAsLong() + cacheWritten.orElse(0) + cacheRead.orElse(0))
            : input;
    out.pass(new ChatEvent.Usage(new TokenUsage(prompt, output, thought, cacheRead)));
    out.done(finish, Continuation.ANTHROPIC.write(continuation));
  }

  @Override
  public void end(AnswerSink out) throws ProviderFailure {
    throw new ProviderFailure(
        InferenceError.stream("Provider " + provider + " ended its answer in the middle."));
  }
}
