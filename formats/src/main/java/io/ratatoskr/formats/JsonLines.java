package io.ratatoskr.formats;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads lines that hold one JSON object each. A field that is read stands in it once. */
final class JsonLines extends LineParser {
  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LineReader.MAX_LINE_BYTES)
                  .maxNumberLength(1000)
                  .build())
          .build();
  private final List<String> fields;
  private final String idField;
  private final List<String> keep;

  JsonLines(List<String> parts, LineInput input) {
    super(parts);
    fields = input.fields();
    idField = input.idField();
    keep = input.keep();
  }

  @Override
  @Nullable Line parse(long number, String content) {
    if (content.isBlank()) {
      return null;
    }
    Found found = new Found(fields.size(), keep.size());
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), content)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return invalid(number, null, "the line is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        read(parser, name, found);
      }
      if (parser.nextToken() != null) {
        return invalid(number, found.id, "something follows the JSON object");
      }
    } catch (JacksonException e) {
      return invalid(number, null, "broken JSON: " + e.getOriginalMessage());
    }
    if (found.twice != null) {
      return invalid(number, null, "field '" + found.twice + "' stands twice");
    }
    if (found.badId) {
      return invalid(number, null, "field '" + idField + "' is neither string nor number");
    }
    if (found.id == null) {
      return invalid(number, null, "field '" + idField + "' is missing");
    }
    List<String> question = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      String text = found.question.get(i);
      if (text == null) {
        String fault = found.bad[i] ? "' is not a string" : "' is missing";
        return invalid(number, found.id, "field '" + fields.get(i) + fault);
      }
      question.add(text);
    }
    return line(number, found.id, question, found.kept);
  }

  private void read(JsonParser parser, String name, Found found) {
    JsonToken token = parser.currentToken();
    boolean wanted = name.equals(idField) || fields.contains(name) || keep.contains(name);
    if (wanted && !found.names.add(name)) {
      found.twice = name;
    }
    boolean nothing = token == JsonToken.VALUE_NULL;
    if (name.equals(idField)) {
      boolean isNumber = token.isNumeric();
      found.badId = !nothing && !isNumber && token != JsonToken.VALUE_STRING;
      found.id = nothing || found.badId ? null : new Line.Id(parser.getString(), isNumber);
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).equals(name)) {
        found.bad[i] = !nothing && token != JsonToken.VALUE_STRING;
        found.question.set(i, nothing || found.bad[i] ? null : parser.getString());
      }
    }
    int index = keep.indexOf(name);
    if (index >= 0) {
      found.kept.set(index, nothing ? null : asString(parser));
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

  /** The fields that were found in one line. */
  private static final class Found {
    private final Set<String> names = new HashSet<>();
    private @Nullable String twice;
    private Line.@Nullable Id id;
    private boolean badId;
    private final List<@Nullable String> question;
    private final boolean[] bad;
    private final List<@Nullable String> kept;

    Found(int fields, int keep) {
      question = nothing(fields);
      bad = new boolean[fields];
      kept = nothing(keep);
    }

    private static List<@Nullable String> nothing(int count) {
      return new ArrayList<>(Collections.<@Nullable String>nCopies(count, null));
    }
  }
}
