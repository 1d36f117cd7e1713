package io.ratatoskr.schemas.chat;

/** The shape of an answer. */
public sealed interface ResponseFormat {

  /** Plain text. */
  record PlainText() implements ResponseFormat {}

  /** A JSON object. */
  record JsonObject() implements ResponseFormat {}

  /**
   * JSON that follows a schema.
   *
   * @param name names the schema: 1 to 64 letters, digits, underscores and hyphens
   * @param schema JSON Schema, an object as JSON text
   * @param strict whether a provider that can hold the model to the schema shall do so
   */
  record JsonSchema(String name, String schema, boolean strict) implements ResponseFormat {
    public JsonSchema {
      JsonText.name("response format", name);
      JsonText.object("response format " + name + ": schema", schema);
    }
  }
}
