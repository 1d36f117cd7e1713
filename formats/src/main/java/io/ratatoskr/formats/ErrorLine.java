package io.ratatoskr.formats;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One line of an errors file: {@code {"line", "id", "code", "reason"}}. */
public final class ErrorLine {
  private static final JsonFactory JSON = new JsonFactory();

  private ErrorLine() {}

  /** One JSON object in UTF-8, without a line break. */
  public static byte[] bytes(Line line, Line.Refusal refusal) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeNumberProperty("line", line.number());
      switch (line) {
        case Line.Good good -> JsonRows.writeId(out, good.id());
        case Line.Bad bad ->
            bad.id()
                .ifPresentOrElse(
                    id -> JsonRows.writeId(out, id), () -> out.writeNullProperty("id"));
      }
      out.writeStringProperty("code", refusal.code());
      out.writeStringProperty("reason", refusal.reason());
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
