package io.ratatoskr.policy.task;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The words of a text, case-folded by Unicode's simple folding, so that every country reads them
 * alike. A word is a run of letters, marks and digits, with apostrophes and underscores in it;
 * {@code C++} and {@code C#} are words too. Scripts that put no blanks between words, and symbols
 * beyond ASCII, make a word of each character.
 *
 * @param texts the words in their order
 * @param starts which of them begin a sentence, or what follows a colon or semicolon
 */
record Words(List<String> texts, BitSet starts) {

  Words {
    texts = List.copyOf(texts);
  }

  /** Reads a text; in linear time. */
  static Words of(String text) {
    return new Reader(Normalizer.normalize(text, Normalizer.Form.NFC)).read();
  }

  int size() {
    return texts.size();
  }

  /** The word at an index; empty behind the last. */
  String at(int index) {
    return index < texts.size() ? texts.get(index) : "";
  }

  /** Where the last sentence begins; 0 where there is none. */
  int lastSentence() {
    return Math.max(0, starts.length() - 1);
  }

  private static final class Reader {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final BitSet starts = new BitSet();
    private final StringBuilder word = new StringBuilder();
    private boolean start = true;

    Reader(String text) {
      this.text = text;
    }

    Words read() {
      int width;
      for (int i = 0; i < text.length(); i += width) {
        int c = text.codePointAt(i);
        width = Character.charCount(c);
        if (standsAlone(c)) {
          end();
          word.appendCodePoint(fold(c));
          end();
        } else if (isPart(c) || joins(c, i, width)) {
          word.appendCodePoint(fold(c));
        } else {
          end();
          start |= isBreak(c) && !(c < 128 && c != '\n' && isPartAt(i + width));
        }
      }
      end();
      return new Words(words, starts);
    }

    private boolean isPartAt(int index) {
      return index < text.length() && isPart(text.codePointAt(index));
    }

    private void end() {
      if (word.isEmpty()) {
        return;
      }
      starts.set(words.size(), start);
      words.add(word.toString());
      word.setLength(0);
      start = false;
    }

    /** Whether a sign belongs to the word before it. */
    private boolean joins(int c, int at, int width) {
      if (word.isEmpty()) {
        return false;
      }
      boolean followed = isPartAt(at + width);
      return switch (c) {
        case '\'', '’' -> followed;
        case '#' -> word.length() == 1 && !followed;
        case '+' -> isPlus(at) && !followedBehindPluses(at);
        default -> false;
      };
    }

    /** Whether the word so far is one letter, or that with the plus signs of {@code c++}. */
    private boolean isPlus(int at) {
      return word.length() == 1
          ? text.startsWith("++", at)
          : word.length() == 2 && word.charAt(1) == '+';
    }

    private boolean followedBehindPluses(int at) {
      int behind = at;
      while (behind < text.length() && behind < at + 2 && text.charAt(behind) == '+') {
        behind++;
      }
      return isPartAt(behind);
    }
  }

  /** Whether a sentence ends at it; within a word, as in {@code 1.5}, none does. */
  private static boolean isBreak(int c) {
    return ".!?:;\n…。！？؟¿".indexOf(c) >= 0;
  }

  private static boolean isPart(int c) {
    return c == '_'
        || Character.isLetterOrDigit(c)
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
          default -> false;
        };
  }

  private static boolean standsAlone(int c) {
    if (c < 128) {
      return false;
    }
    int type = Character.getType(c);
    if (type == Character.OTHER_SYMBOL || type == Character.MATH_SYMBOL) {
      return true;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return isPart(c)
        && switch (script) {
          case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
          default -> false;
        };
  }

  private static int fold(int c) {
    return c == '’' ? '\'' : Character.toLowerCase(Character.toUpperCase(c));
  }
}
