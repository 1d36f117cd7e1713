package io.ratatoskr.schemas.chat;

/**
 * A tool that the model may call.
 *
 * @param name 1 to 64 letters, digits, underscores and hyphens
 * @param description what it does and when to use it, for the model; may be empty
 * @param parameters JSON Schema of its arguments, an object as JSON text
 * @param cached whether the prompt up to this tool is worth keeping in the cache of a provider that
 *     has to be told so
 */
public record ToolDefinition(String name, String description, String parameters, boolean cached) {
  public ToolDefinition {
    JsonText.name("tool", name);
    JsonText.object("tool " + name + ": parameters", parameters);
  }

  /** A tool that is not marked for a cache. */
  public static ToolDefinition of(String name, String description, String parameters) {
    return new ToolDefinition(name, description, parameters, false);
  }
}
