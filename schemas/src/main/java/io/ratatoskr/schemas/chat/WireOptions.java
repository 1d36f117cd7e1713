package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.wire.JsonObjectFormat;
import io.ratatoskr.schemas.wire.JsonSchemaFormat;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Options as records and back. */
final class WireOptions {
  private WireOptions() {}

  static io.ratatoskr.schemas.wire.ChatOptions toWire(ChatOptions options) {
    return new io.ratatoskr.schemas.wire.ChatOptions(
        boxed(options.temperature()),
        boxed(options.topP()),
        boxed(options.topK()),
        boxed(options.maxTokens()),
        options.stop(),
        boxed(options.frequencyPenalty()),
        boxed(options.presencePenalty()),
        boxed(options.repetitionPenalty()),
        boxed(options.seed()),
        options.parallelToolCalls().orElse(null),
        toWire(options.responseFormat()),
        options.reasoning().map(WireOptions::toWire).orElse(null),
        options.cachePrompt().orElse(null),
        options.rawProviderOptions().orElse(null));
  }

  static ChatOptions ofWire(io.ratatoskr.schemas.wire.ChatOptions wire) {
    return new ChatOptions(
        optional(wire.getTemperature()),
        optional(wire.getTopP()),
        optional(wire.getTopK()),
        optional(wire.getMaxTokens()),
        wire.getStop(),
        optional(wire.getFrequencyPenalty()),
        optional(wire.getPresencePenalty()),
        optional(wire.getRepetitionPenalty()),
        optional(wire.getSeed()),
        Optional.ofNullable(wire.getParallelToolCalls()),
        formatOfWire(wire.getResponseFormat()),
        Optional.ofNullable(wire.getReasoning()).map(WireOptions::ofWire),
        Optional.ofNullable(wire.getCachePrompt()),
        Optional.ofNullable(wire.getRawProviderOptions()));
  }

  private static @Nullable Object toWire(ResponseFormat format) {
    if (format instanceof ResponseFormat.PlainText) {
      return null;
    }
    if (format instanceof ResponseFormat.JsonObject) {
      return new JsonObjectFormat();
    }
    ResponseFormat.JsonSchema schema = (ResponseFormat.JsonSchema) format;
    return new JsonSchemaFormat(schema.name(), schema.schema(), schema.strict());
  }

  private static ResponseFormat formatOfWire(@Nullable Object format) {
    if (format == null) {
      return new ResponseFormat.PlainText();
    }
    if (format instanceof JsonObjectFormat) {
      return new ResponseFormat.JsonObject();
    }
    JsonSchemaFormat schema = (JsonSchemaFormat) format;
    return new ResponseFormat.JsonSchema(
        schema.getName(), schema.getJsonSchema(), schema.getStrict());
  }

  private static io.ratatoskr.schemas.wire.ReasoningOptions toWire(ReasoningOptions reasoning) {
    return new io.ratatoskr.schemas.wire.ReasoningOptions(
        reasoning.effort().orElse(null), boxed(reasoning.maxTokens()), reasoning.exclude());
  }

  private static ReasoningOptions ofWire(io.ratatoskr.schemas.wire.ReasoningOptions wire) {
    return new ReasoningOptions(
        Optional.ofNullable(wire.getEffort()), optional(wire.getMaxTokens()), wire.getExclude());
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
