package io.ratatoskr.gateway;

import java.io.IOException;
import java.util.Optional;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** How a body holds its JSON documents. */
enum Framing {
  /** Server-sent events, the last one {@code [DONE]} or none. */
  SSE("text/event-stream") {
    @Override
    Documents of(BufferedSource body) {
      BoundedLines lines = new BoundedLines(body);
      return () -> nextEvent(lines);
    }
  },
  /** A document in each line. */
  NDJSON("application/x-ndjson") {
    @Override
    Documents of(BufferedSource body) {
      BoundedLines lines = new BoundedLines(body);
      return () -> nextLine(lines);
    }
  },
  /** One document. */
  JSON("application/json") {
    @Override
    Documents of(BufferedSource body) {
      return new Documents() {
        private boolean read;

        @Override
        public @Nullable Document next() throws IOException {
          if (read) {
            return null;
          }
          read = true;
          return Document.parse(BoundedLines.whole(body, WHOLE_BYTES));
        }
      };
    }
  };

  /** Most bytes of a body that is one document. */
  static final long WHOLE_BYTES = 4L << 20;

  private static final String DONE = "[DONE]";
  private static final String DATA = "data:";

  private final String contentType;

  Framing(String contentType) {
    this.contentType = contentType;
  }

  /** The documents of a body, one by one. */
  interface Documents {
    /** The next one; null where there is none. */
    @Nullable Document next() throws IOException;
  }

  abstract Documents of(BufferedSource body);

  String contentType() {
    return contentType;
  }

  /** The framing that a content type names, parameters aside. */
  static Optional<Framing> named(String contentType) {
    for (Framing framing : values()) {
      if (contentType.equalsIgnoreCase(framing.contentType)) {
        return Optional.of(framing);
      }
    }
    return Optional.empty();
  }

  /** Names, ids and comments of events are left out: each document says what it is. */
  private static @Nullable Document nextEvent(BoundedLines lines) throws IOException {
    StringBuilder data = new StringBuilder();
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.startsWith(DATA)) {
        append(data, line);
      } else if (line.isEmpty() && !data.isEmpty()) {
        String event = data.toString();
        return event.equals(DONE) ? null : Document.parse(event);
      }
    }
    return Document.tryParse(data.toString()).orElse(null);
  }

  private static void append(StringBuilder data, String line) throws ProviderFailure {
    if (data.length() > BoundedLines.LINE_BYTES) {
      throw BoundedLines.tooLarge(data.length(), BoundedLines.LINE_BYTES, "an event");
    }
    if (!data.isEmpty()) {
      data.append('\n');
    }
    int from = line.startsWith(" ", DATA.length()) ? DATA.length() + 1 : DATA.length();
    data.append(line, from, line.length());
  }

  private static @Nullable Document nextLine(BoundedLines lines) throws IOException {
    String line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    return lines.endedWithin() ? Document.tryParse(line).orElse(null) : Document.parse(line);
  }
}
