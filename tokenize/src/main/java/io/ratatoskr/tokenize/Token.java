package io.ratatoskr.tokenize;

/**
 * One token of a text.
 *
 * @param id its number in the tokenizer's vocabulary
 * @param text the part of the text that it covers: the bytes from {@code start} to {@code end} as
 *     UTF-8. Where a token begins or ends inside a character (byte-level tokenizers cut an emoji
 *     into several), the part of the character is shown as U+FFFD; so it is the ranges that make up
 *     the text, not these strings
 * @param start where it begins: bytes of the text in UTF-8, from 0
 * @param end behind its last byte; equal to {@code start} for a token that covers nothing
 */
public record Token(int id, String text, int start, int end) {
  public Token {
    if (id < 0 || start < 0 || end < start) {
      throw new IllegalArgumentException("no token: id %d from %d to %d".formatted(id, start, end));
    }
  }
}
