package io.ratatoskr.bulk;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** One JSON object a line. Of a field that stands twice the last counts. */
final class JsonLines extends LineParser {
  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(WindowReader.MAX_LINE_BYTES)
                  .maxNumberLength(1000)
                  .build())
          .build();
  private final String textField;
  private final String idField;
  private final List<String> keep;

  JsonLines(JobConfig config) {
    textField = config.textField();
    idField = config.idField();
    keep = config.keep();
  }

  @Override
  @Nullable Line parse(long number, String content) {
    if (content.isBlank()) {
      return null;
    }
    Fields fields = new Fields(keep.size());
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), content)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return invalid(number, null, "the line is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        read(parser, name, fields);
      }
      if (parser.nextToken() != null) {
        return invalid(number, fields.id, "something follows the JSON object");
      }
    } catch (JacksonException e) {
      return invalid(number, null, "broken JSON: " + e.getOriginalMessage());
    }
    if (fields.badId) {
      return invalid(number, null, "field '" + idField + "' is neither string nor number");
    }
    if (fields.id == null) {
      return invalid(number, null, "field '" + idField + "' is missing");
    }
    if (fields.badText) {
      return invalid(number, fields.id, "field '" + textField + "' is not a string");
    }
    if (fields.text == null) {
      return invalid(number, fields.id, "field '" + textField + "' is missing");
    }
    return line(number, fields.id, fields.text, fields.kept);
  }

  private void read(JsonParser parser, String name, Fields fields) {
    JsonToken token = parser.currentToken();
    boolean nothing = token == JsonToken.VALUE_NULL;
    if (name.equals(idField)) {
      boolean isNumber = token.isNumeric();
      fields.badId = !nothing && !isNumber && token != JsonToken.VALUE_STRING;
      fields.id = nothing || fields.badId ? null : new Line.Id(parser.getString(), isNumber);
    }
    if (name.equals(textField)) {
      fields.badText = !nothing && token != JsonToken.VALUE_STRING;
      fields.text = nothing || fields.badText ? null : parser.getString();
    }
    int index = keep.indexOf(name);
    if (index >= 0) {
      fields.kept.set(index, nothing ? null : asString(parser));
    } else {
      parser.skipChildren();
    }
  }

  private String asString(JsonParser parser) {
    if (parser.currentToken().isScalarValue()) {
      return parser.getString();
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  /** What was found in one line. */
  private static final class Fields {
    private Line.@Nullable Id id;
    private @Nullable String text;
    private boolean badId;
    private boolean badText;
    private final List<@Nullable String> kept;

    Fields(int keep) {
      kept = new ArrayList<>(Collections.<@Nullable String>nCopies(keep, null));
    }
  }
}
