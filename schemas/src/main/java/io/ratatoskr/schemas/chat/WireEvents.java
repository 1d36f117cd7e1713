package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.wire.AttemptAborted;
import io.ratatoskr.schemas.wire.ContentDelta;
import io.ratatoskr.schemas.wire.ReasoningDelta;
import io.ratatoskr.schemas.wire.StreamDone;
import io.ratatoskr.schemas.wire.StreamStarted;
import io.ratatoskr.schemas.wire.ToolCallDelta;
import io.ratatoskr.schemas.wire.ToolCallEnd;
import io.ratatoskr.schemas.wire.ToolCallStart;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Events and usage as records and back. */
final class WireEvents {
  private WireEvents() {}

  static Object toWire(ChatEvent event) {
    if (event instanceof ChatEvent.Content piece) {
      return new ContentDelta(piece.text());
    }
    if (event instanceof ChatEvent.Reasoning piece) {
      return new ReasoningDelta(piece.text());
    }
    if (event instanceof ChatEvent.Started started) {
      return new StreamStarted(
          started.provider(), started.model(), started.location(), started.reason());
    }
    if (event instanceof ChatEvent.ToolCallStart start) {
      return new ToolCallStart(start.index(), start.id(), start.name());
    }
    if (event instanceof ChatEvent.ToolCallDelta delta) {
      return new ToolCallDelta(delta.index(), delta.arguments());
    }
    if (event instanceof ChatEvent.ToolCallEnd end) {
      return new ToolCallEnd(end.index());
    }
    if (event instanceof ChatEvent.Usage usage) {
      return toWire(usage.tokens());
    }
    if (event instanceof ChatEvent.AttemptAborted aborted) {
      return new AttemptAborted(aborted.execution(), aborted.reason());
    }
    ChatEvent.Done done = (ChatEvent.Done) event;
    return new StreamDone(done.finishReason(), done.continuation());
  }

  /** The event that a branch of the union holds. */
  static ChatEvent ofWire(Object event) {
    if (event instanceof ContentDelta piece) {
      return new ChatEvent.Content(piece.getText());
    }
    if (event instanceof ReasoningDelta piece) {
      return new ChatEvent.Reasoning(piece.getText());
    }
    if (event instanceof StreamStarted started) {
      return new ChatEvent.Started(
          started.getProvider(), started.getModel(), started.getLocation(), started.getReason());
    }
    if (event instanceof ToolCallStart start) {
      return new ChatEvent.ToolCallStart(start.getIndex(), start.getId(), start.getName());
    }
    if (event instanceof ToolCallDelta delta) {
      return new ChatEvent.ToolCallDelta(delta.getIndex(), delta.getArguments());
    }
    if (event instanceof ToolCallEnd end) {
      return new ChatEvent.ToolCallEnd(end.getIndex());
    }
    if (event instanceof io.ratatoskr.schemas.wire.TokenUsage usage) {
      return new ChatEvent.Usage(ofWire(usage));
    }
    if (event instanceof AttemptAborted aborted) {
      return new ChatEvent.AttemptAborted(aborted.getExecution(), aborted.getReason());
    }
    StreamDone done = (StreamDone) event;
    return new ChatEvent.Done(done.getFinishReason(), done.getContinuation());
  }

  static io.ratatoskr.schemas.wire.TokenUsage toWire(TokenUsage usage) {
    return new io.ratatoskr.schemas.wire.TokenUsage(
        boxed(usage.promptTokens()),
        boxed(usage.completionTokens()),
        boxed(usage.reasoningTokens()),
        boxed(usage.cachedTokens()));
  }

  static TokenUsage ofWire(io.ratatoskr.schemas.wire.TokenUsage wire) {
    return new TokenUsage(
        optional(wire.getPromptTokens()),
        optional(wire.getCompletionTokens()),
        optional(wire.getReasoningTokens()),
        optional(wire.getCachedTokens()));
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
