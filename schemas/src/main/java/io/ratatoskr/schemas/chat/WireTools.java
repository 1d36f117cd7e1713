package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.wire.NamedTool;
import io.ratatoskr.schemas.wire.ToolChoiceMode;

/** Tools, their calls and their choice as records and back. */
final class WireTools {
  private WireTools() {}

  static io.ratatoskr.schemas.wire.ToolCall toWire(ToolCall call) {
    return new io.ratatoskr.schemas.wire.ToolCall(call.id(), call.name(), call.arguments());
  }

  static ToolCall ofWire(io.ratatoskr.schemas.wire.ToolCall call) {
    return new ToolCall(call.getId(), call.getName(), call.getArguments());
  }

  static io.ratatoskr.schemas.wire.ToolDefinition toWire(ToolDefinition tool) {
    return new io.ratatoskr.schemas.wire.ToolDefinition(
        tool.name(), tool.description(), tool.parameters(), tool.cached());
  }

  static ToolDefinition ofWire(io.ratatoskr.schemas.wire.ToolDefinition tool) {
    return new ToolDefinition(
        tool.getName(), tool.getDescription(), tool.getParameters(), tool.getCached());
  }

  static Object toWire(ToolChoice choice) {
    if (choice instanceof ToolChoice.Auto) {
      return ToolChoiceMode.AUTO;
    }
    if (choice instanceof ToolChoice.None) {
      return ToolChoiceMode.NONE;
    }
    if (choice instanceof ToolChoice.Required) {
      return ToolChoiceMode.REQUIRED;
    }
    return new NamedTool(((ToolChoice.Named) choice).name());
  }

  static ToolChoice choiceOfWire(Object choice) {
    if (choice instanceof NamedTool named) {
      return new ToolChoice.Named(named.getName());
    }
    return switch ((ToolChoiceMode) choice) {
      case AUTO -> new ToolChoice.Auto();
      case NONE -> new ToolChoice.None();
      case REQUIRED -> new ToolChoice.Required();
    };
  }
}
