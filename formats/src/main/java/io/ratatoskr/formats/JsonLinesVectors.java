package io.ratatoskr.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Vectors as JSON lines, as {@link JsonLinesRows} writes them. */
final class JsonLinesVectors extends VectorFile {
  private static final JsonFactory JSON = new JsonFactory();

  private final LineReader lines;
  private final BufferedInputStream content;

  private JsonLinesVectors(Path file, BufferedInputStream content) {
    super(file);
    this.content = content;
    this.lines = new LineReader(content, false, LineReader.MAX_LINE_BYTES);
  }

  static JsonLinesVectors reading(Path file) throws IOException {
    return new JsonLinesVectors(
        file, new BufferedInputStream(Files.newInputStream(file), 256 * 1024));
  }

  @Override
  @Nullable Embedding read() throws IOException {
    LineReader.Raw line = lines.next();
    while (line != null && line.bytes().length == 0) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line.bytes())) {
      return row(parser);
    } catch (JacksonException e) {
      throw unusable("broken JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Embedding row(JsonParser parser) {
    String id = null;
    String spaceId = null;
    String model = "";
    float[] vector = null;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw unusable("not a JSON object", null);
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "id" -> id = value == JsonToken.VALUE_NULL ? null : parser.getString();
        case "space_id" -> spaceId = value == JsonToken.VALUE_STRING ? parser.getString() : null;
        case "model" -> model = value == JsonToken.VALUE_STRING ? parser.getString() : "";
        case "embedding" -> vector = vector(parser);
        default -> parser.skipChildren();
      }
    }
    if (id == null || vector == null || spaceId == null) {
      throw unusable("it lacks one of id, embedding and space_id", null);
    }
    return new Embedding(id, vector, spaceId, model);
  }

  private float[] vector(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw unusable("embedding is not an array", null);
    }
    float[] vector = new float[512];
    int length = 0;
    while (parser.nextToken().isNumeric()) {
      if (length == vector.length) {
        vector = Arrays.copyOf(vector, 2 * length);
      }
      vector[length++] = parser.getFloatValue();
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw unusable("embedding holds something that is no number", null);
    }
    return Arrays.copyOf(vector, length);
  }

  @Override
  void closeFile() throws IOException {
    content.close();
  }
}
