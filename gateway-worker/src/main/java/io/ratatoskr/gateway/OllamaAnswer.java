package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.OptionalLong;

/** An answer of Ollama's chat: each document has a piece of the message, the last one is done. */
final class OllamaAnswer implements Provider.AnswerReader {
  private final String provider;
  private int calls;
  private String revision = "";

  OllamaAnswer(String provider) {
    this.provider = provider;
  }

  @Override
  public String revision() {
    return revision;
  }

  @Override
  public boolean read(Document document, AnswerSink out) throws ProviderFailure {
    revision = document.text("model");
    Document message = document.at("message");
    out.reasoning(message.text("thinking"));
    out.content(message.text("content"));
    for (Document call : message.list("tool_calls")) {
      toolCall(call, out);
    }
    if (!document.isTrue("done")) {
      return false;
    }
    out.pass(
        new ChatEvent.Usage(
            new TokenUsage(
                document.count("prompt_eval_count"),
                document.count("eval_count"),
                OptionalLong.empty(),
                OptionalLong.empty())));
    out.done(reason(document.text("done_reason")), "");
    return true;
  }

  /** Calls come whole, with their arguments as an object; older releases give them no id. */
  private void toolCall(Document call, AnswerSink out) throws ProviderFailure {
    Document function = call.at("function");
    out.toolCallStart(calls, call.text("id"), function.text("name"));
    if (function.has("arguments")) {
      out.toolCallDelta(calls, function.at("arguments").json());
    }
    out.toolCallEnd(calls);
    calls++;
  }

  private static FinishReason reason(String name) {
    return switch (name) {
      case "stop", "" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      default -> FinishReason.OTHER;
    };
  }

  @Override
  public void end(AnswerSink out) throws ProviderFailure {
    throw new ProviderFailure(
        InferenceError.stream("Provider " + provider + " ended its answer in the middle."));
  }
}
