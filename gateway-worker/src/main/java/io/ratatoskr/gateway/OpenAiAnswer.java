package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat completion, in chunks or whole: a chunk has a {@code delta} where the whole has a {@code
 * message}.
 */
final class OpenAiAnswer implements Provider.AnswerReader {
  private final String provider;
  private final List<Slot> calls = new ArrayList<>();
  private final ObjectNode continuation = Document.object();
  private final StringBuilder reasoning = new StringBuilder();
  private String revision = "";
  private boolean refused;
  private @Nullable FinishReason finish;

  /**
   * A tool call under way.
   *
   * @param key the provider's number of it, which some repeat for further calls
   * @param id the provider's id of it; empty where it gave none
   * @param index our number of it
   */
  private record Slot(OptionalLong key, String id, int index) {}

  OpenAiAnswer(String provider) {
    this.provider = provider;
  }

  @Override
  public String revision() {
    return revision;
  }

  @Override
  public boolean read(Document document, AnswerSink out) throws ProviderFailure {
    if (revision.isEmpty()) {
      revision = document.text("model");
    }
    if (document.at("usage").isObject()) {
      out.pass(new ChatEvent.Usage(usage(document.at("usage"))));
    }
    List<Document> choices = document.list("choices");
    if (!choices.isEmpty()) {
      choice(choices.get(0), out);
    }
    return false;
  }

  private void choice(Document choice, AnswerSink out) throws ProviderFailure {
    Document delta = choice.has("delta") ? choice.at("delta") : choice.at("message");
    reasoning(delta, out);
    content(delta.at("content"), out);
    if (delta.at("refusal").isText()) {
      refused = true;
      out.content(delta.text("refusal"));
    }
    for (Document call : delta.list("tool_calls")) {
      toolCall(call, out);
    }
    if (choice.at("finish_reason").isText()) {
      finish = reason(choice.text("finish_reason"));
    }
  }

  /** Named differently by OpenRouter and vLLM on the one hand, DeepSeek on the other. */
  private void reasoning(Document delta, AnswerSink out) throws ProviderFailure {
    String piece = delta.text("reasoning_content");
    if (piece.isEmpty()) {
      out.reasoning(delta.text("reasoning"));
    } else {
      reasoning.append(piece);
      out.reasoning(piece);
    }
    List<Document> details = delta.list("reasoning_details");
    if (!details.isEmpty()) {
      ArrayNode all = continuation.withArray("reasoning_details");
      details.forEach(detail -> all.add(detail.node()));
    }
  }

  /** A text, or parts of which those of text count. */
  private static void content(Document content, AnswerSink out) throws ProviderFailure {
    out.content(content.text());
    if (content.node().isArray()) {
      for (var part : content.node()) {
        out.content(new Document(part).text("text"));
      }
    }
  }

  private void toolCall(Document call, AnswerSink out) throws ProviderFailure {
    String id = call.text("id");
    Document function = call.at("function");
    Slot slot = slot(call.count("index"), id, function.text("name"));
    if (slot == null) {
      slot = new Slot(call.count("index"), id, calls.size());
      calls.add(slot);
      out.toolCallStart(slot.index(), id, function.text("name"));
    }
    out.toolCallDelta(slot.index(), function.text("arguments"));
  }

  /** The call that a piece goes on with; null if it begins one. */
  private @Nullable Slot slot(OptionalLong key, String id, String name) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      Slot slot = calls.get(i);
      boolean sameKey = key.isPresent() && key.equals(slot.key());
      if (sameKey && (id.isEmpty() || id.equals(slot.id()))) {
        return slot;
      }
      if (key.isEmpty() && id.equals(slot.id()) && (!id.isEmpty() || name.isEmpty())) {
        return slot;
      }
    }
    return null;
  }

  private static FinishReason reason(String name) {
    return switch (name) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.OTHER;
    };
  }

  private static TokenUsage usage(Document usage) {
    OptionalLong cached = usage.at("prompt_tokens_details").count("cached_tokens");
    return new TokenUsage(
        usage.count("prompt_tokens"),
        usage.count("completion_tokens"),
        usage.at("completion_tokens_details").count("reasoning_tokens"),
        cached.isPresent() ? cached : usage.count("prompt_cache_hit_tokens"));
  }

  @Override
  public void end(AnswerSink out) throws ProviderFailure {
    FinishReason reason = finish;
    if (reason == null) {
      throw new ProviderFailure(
          InferenceError.stream("Provider " + provider + " ended its answer in the middle."));
    }
    for (Slot slot : calls) {
      out.toolCallEnd(slot.index());
    }
    if (!calls.isEmpty() && !reasoning.isEmpty()) {
      continuation.put("reasoning_content", reasoning.toString());
    }
    out.done(
        refused ? FinishReason.CONTENT_FILTER : reason, Continuation.OPENAI.write(continuation));
  }
}
