package io.ratatoskr.schemas.chat;

import java.util.List;

/**
 * Text.
 *
 * @param text as it was given; may be empty
 */
public record TextContent(String text) implements Content {

  /** One part, or none where the text is empty. */
  static List<Content> ofAnswer(String text) {
    return text.isEmpty() ? List.of() : List.of(new TextContent(text));
  }

  /** The text of all parts, one after another. */
  public static String of(List<Content> parts) {
    StringBuilder all = new StringBuilder();
    for (Content part : parts) {
      all.append(((TextContent) part).text());
    }
    return all.toString();
  }
}
