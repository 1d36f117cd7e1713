package io.ratatoskr.retrieval;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A retrieval as one JSON object; docs/retrieval.md describes its fields. */
public final class RetrievalJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final boolean texts;

  /**
   * @param texts whether hits carry their texts
   */
  public RetrievalJson(boolean texts) {
    this.texts = texts;
  }

  /** The object, in UTF-8, on one line and without a line break. */
  public byte[] bytes(Retrieval retrieval) {
    return bytes(retrieval, false);
  }

  /**
   * The object.
   *
   * @param numericId whether the query's id is written as the number that its digits are
   */
  public byte[] bytes(Retrieval retrieval, boolean numericId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeName("id");
      if (numericId) {
        out.writeRawValue(retrieval.query().id());
      } else {
        out.writeString(retrieval.query().id());
      }
      out.writeStringProperty("query", retrieval.query().text());
      out.writeNumberProperty("candidates", retrieval.candidates());
      out.writeBooleanProperty("judged", retrieval.judged());
      out.writeNumberProperty("unjudged", retrieval.unjudged());
      out.writeName("hits");
      out.writeStartArray();
      for (Hit hit : retrieval.hits()) {
        write(out, hit);
      }
      out.writeEndArray();
      Retrieval.Timings timings = retrieval.timings();
      out.writeName("timings_ms");
      out.writeStartObject();
      write(out, "waiting", timings.waiting());
      write(out, "embed", timings.embed());
      write(out, "search", timings.search());
      write(out, "judge", timings.judge());
      out.writeEndObject();
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator out, Hit hit) {
    out.writeStartObject();
    out.writeNumberProperty("rank", hit.rank());
    out.writeStringProperty("id", hit.candidate().id());
    number(out, "score", hit.score());
    number(out, "cosine", hit.candidate().cosine());
    switch (hit.judgement()) {
      case Judgement.Judged judged -> {
        out.writeStringProperty("label", judged.label().name().toLowerCase(Locale.ROOT));
        number(out, "entailment", judged.entailment());
        judged.neutral().ifPresent(neutral -> number(out, "neutral", neutral));
        number(out, "contradiction", judged.contradiction());
        if (judged.truncated()) {
          out.writeBooleanProperty("truncated", true);
        }
      }
      case Judgement.Unjudged unjudged -> {
        out.writeName("unjudged");
        out.writeStartObject();
        out.writeStringProperty("code", unjudged.error().code().wireName());
        out.writeStringProperty("reason", unjudged.error().message());
        out.writeEndObject();
      }
      case Judgement.NotAsked _ -> {}
    }
    if (texts) {
      out.writeStringProperty("text", hit.candidate().text());
    }
    out.writeEndObject();
  }

  /** Six digits after the point: more than the models' 32-bit arithmetic gives. */
  private static void number(JsonGenerator out, String name, double value) {
    out.writeNumberProperty(name, Math.round(value * 1e6) / 1e6);
  }

  private static void write(JsonGenerator out, String name, Duration duration) {
    out.writeNumberProperty(name, Math.round(duration.toNanos() / 1e3) / 1e3);
  }
}
