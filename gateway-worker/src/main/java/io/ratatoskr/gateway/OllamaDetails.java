package io.ratatoskr.gateway;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a model of an Ollama server can do.
 *
 * @param capabilities in Ollama's words: completion, tools, thinking, vision, embedding, insert
 * @param context tokens that it was made for; absent where unknown
 * @param embedding length of its vectors; absent where unknown
 */
public record OllamaDetails(Set<String> capabilities, OptionalInt context, OptionalInt embedding) {

  static final OllamaDetails UNKNOWN =
      new OllamaDetails(Set.of(), OptionalInt.empty(), OptionalInt.empty());

  public OllamaDetails {
    capabilities = Set.copyOf(capabilities);
  }

  /** The keys of its numbers begin with its architecture, such as {@code llama.context_length}. */
  static OllamaDetails of(Document shown) {
    Document info = shown.at("model_info");
    String architecture = info.text("general.architecture");
    return new OllamaDetails(
        shown.list("capabilities").stream().map(Document::text).collect(Collectors.toSet()),
        number(info.count(architecture + ".context_length")),
        number(info.count(architecture + ".embedding_length")));
  }

  private static OptionalInt number(OptionalLong value) {
    return value.isPresent() && value.getAsLong() <= Integer.MAX_VALUE
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }

  /** Whether the model can be given tools. */
  public boolean callsTools() {
    return capabilities.contains("tools");
  }

  /** Whether the model can reason before it answers. */
  public boolean thinks() {
    return capabilities.contains("thinking");
  }

  /** Whether the model writes; old servers do not say, and what they have writes, as a rule. */
  public boolean writes() {
    return capabilities.isEmpty() || capabilities.contains("completion");
  }

  /** Whether the model makes vectors. */
  public boolean embeds() {
    return capabilities.contains("embedding");
  }
}
