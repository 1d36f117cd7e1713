package io.ratatoskr.gateway;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a provider says of a failure.
 *
 * @param message in its words; empty where it says nothing
 * @param type its kind of error; empty where it names none
 * @param code its code; empty where it names none
 * @param param the parameter that is to blame; empty where it names none
 */
record ErrorBody(String message, String type, String code, String param) {
  private static final int LONGEST = 500;

  /**
   * The error that a document is, in any of the forms that are about: {@code {"error": {...}}},
   * {@code {"error": "..."}}, {@code {"object": "error", "message": "..."}}, {@code {"detail":
   * "..."}}.
   */
  static Optional<ErrorBody> of(Document document) {
    Document error = document.at("error");
    if (error.isObject()) {
      return Optional.of(members(error));
    }
    if (error.isText()) {
      return Optional.of(new ErrorBody(error.text(), "", "", ""));
    }
    if (document.text("object").equals("error")) {
      return Optional.of(members(document));
    }
    return document.has("detail")
        ? Optional.of(new ErrorBody(shown(document.at("detail")), "", "", ""))
        : Optional.empty();
  }

  private static ErrorBody members(Document error) {
    return new ErrorBody(
        error.text("message"), error.text("type"), shown(error.at("code")), error.text("param"));
  }

  private static String shown(Document value) {
    if (value.node().isMissingNode() || value.node().isNull()) {
      return "";
    }
    return value.isText() ? value.text() : value.json();
  }

  /** The code, where it is a status of HTTP. */
  OptionalInt status() {
    return code.matches("[45]\\d\\d")
        ? OptionalInt.of(Integer.parseInt(code))
        : OptionalInt.empty();
  }

  /** The message, on one line and no longer than a reader reads. */
  String shortMessage() {
    String line = message.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
