package io.ratatoskr.tokenize;

import java.nio.charset.StandardCharsets;

/** A text beside its bytes in UTF-8. */
final class Utf8Text {
  private final String text;
  private final byte[] bytes;

  /**
   * @param text well formed
   */
  Utf8Text(String text) {
    this.text = text;
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text with U+FFFD for each lone surrogate, which has no UTF-8 form. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }

  int length() {
    return bytes.length;
  }

  /** The text of a token that covers these bytes. */
  String slice(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** Whether these bytes stand at this place. */
  boolean holds(byte[] part, int at) {
    if (at + part.length > bytes.length) {
      return false;
    }
    for (int i = 0; i < part.length; i++) {
      if (bytes[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where each character (code point) begins, and behind the last one the length: in bytes. */
  int[] starts() {
    int[] starts = new int[text.codePointCount(0, text.length()) + 1];
    int character = 0;
    for (int i = 0; i < bytes.length; i++) {
      boolean continuation = (bytes[i] & 0xC0) == 0x80;
      if (!continuation) {
        starts[character++] = i;
      }
    }
    starts[character] = bytes.length;
    return starts;
  }
}
