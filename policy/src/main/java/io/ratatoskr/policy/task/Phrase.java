package io.ratatoskr.policy.task;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Words that follow one another, with gaps of at most {@link #WIDEST_GAP} words where a {@code *}
 * stands.
 *
 * @param text as it was written
 * @param parts folded words, and {@code *} for a gap; begins and ends with a word
 */
record Phrase(String text, List<String> parts) {
  static final int WIDEST_GAP = 2;
  private static final int LONGEST = 8;
  private static final String GAP = "*";

  Phrase {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a phrase.
   *
   * @throws IllegalArgumentException if it has no word, more than 8, or a gap at an end or behind
   *     another
   */
  static Phrase of(String text) {
    List<String> parts = new ArrayList<>();
    for (String piece : text.strip().split("\\s+", -1)) {
      if (piece.equals(GAP)) {
        parts.add(GAP);
      } else {
        parts.addAll(Words.of(piece).texts());
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("has no word");
    }
    if (parts.size() > LONGEST) {
      throw new IllegalArgumentException("has more than " + LONGEST + " words");
    }
    if (parts.getFirst().equals(GAP) || parts.getLast().equals(GAP)) {
      throw new IllegalArgumentException("needs a word on both sides of its *");
    }
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i).equals(GAP) && parts.get(i - 1).equals(GAP)) {
        throw new IllegalArgumentException("has one * behind another");
      }
    }
    return new Phrase(text.strip(), parts);
  }

  String first() {
    return parts.getFirst();
  }

  /** Where its words stand in a text at a place, without those in its gaps; empty if nowhere. */
  BitSet at(Words words, int place) {
    BitSet taken = new BitSet();
    return matches(words, place, 0, taken) ? taken : new BitSet();
  }

  private boolean matches(Words words, int place, int part, BitSet taken) {
    if (part == parts.size()) {
      return true;
    }
    if (parts.get(part).equals(GAP)) {
      for (int skipped = 0; skipped <= WIDEST_GAP; skipped++) {
        if (matches(words, place + skipped, part + 1, taken)) {
          return true;
        }
      }
      return false;
    }
    if (!words.at(place).equals(parts.get(part))) {
      return false;
    }
    taken.set(place);
    if (matches(words, place + 1, part + 1, taken)) {
      return true;
    }
    taken.clear(place);
    return false;
  }
}
