package io.ratatoskr.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive lines of the input and the answers to their texts. Identical texts are asked once.
 * Texts are cut, sorted by length, into records of texts of about equal length, so that batches pad
 * little; the longest go first, so that no long one runs alone at the end.
 */
final class Window {
  /** Most texts in a record. */
  static final int RECORD_TEXTS = 32;

  /** Most bytes of text in a record, unless one text alone has more. */
  static final int RECORD_BYTES = 64 * 1024;

  private static final int NO_TEXT = -1;

  private final int index;
  private final List<Line> lines;
  private final byte[] hash;
  private final List<Line.Text> texts = new ArrayList<>();
  private final int[] textOfLine;
  private final @Nullable Answer[] answers;
  private int open;

  Window(int index, List<Line> lines, byte[] hash) {
    this.index = index;
    this.lines = List.copyOf(lines);
    this.hash = hash.clone();
    this.textOfLine = new int[lines.size()];
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      textOfLine[i] = NO_TEXT;
      if (lines.get(i) instanceof Line.Text text) {
        Integer same = known.putIfAbsent(text.text(), texts.size());
        textOfLine[i] = same == null ? texts.size() : same;
        if (same == null) {
          texts.add(text);
        }
      }
    }
    this.answers = new Answer[texts.size()];
    this.open = texts.size();
  }

  int index() {
    return index;
  }

  List<Line> lines() {
    return lines;
  }

  /** SHA-256 of the lines' bytes. */
  byte[] hash() {
    return hash.clone();
  }

  boolean hasHash(byte[] other) {
    return Arrays.equals(hash, other);
  }

  String text(int text) {
    return texts.get(text).text();
  }

  /** Lines whose text stands in the window before. */
  int reused() {
    int asked = 0;
    for (int text : textOfLine) {
      asked += text == NO_TEXT ? 0 : 1;
    }
    return asked - texts.size();
  }

  /** Lines that have each text. */
  int[] linesOfTexts() {
    int[] count = new int[texts.size()];
    for (int text : textOfLine) {
      if (text != NO_TEXT) {
        count[text]++;
      }
    }
    return count;
  }

  @Nullable Answer answerOfText(int text) {
    return answers[text];
  }

  /** Takes an answer; only the first to a text counts. */
  boolean answer(int text, Answer answer) {
    if (answers[text] != null) {
      return false;
    }
    answers[text] = answer;
    open--;
    return true;
  }

  boolean complete() {
    return open == 0;
  }

  /** The answer to a line; null for a bad line. */
  @Nullable Answer answerOfLine(int line) {
    return textOfLine[line] == NO_TEXT ? null : answers[textOfLine[line]];
  }

  /** The texts without an answer, cut into records; the first holds the longest. */
  List<int[]> records() {
    List<Integer> left = new ArrayList<>();
    for (int text = 0; text < answers.length; text++) {
      if (answers[text] == null) {
        left.add(text);
      }
    }
    left.sort(Comparator.comparingInt((Integer text) -> texts.get(text).bytes()).reversed());
    List<int[]> records = new ArrayList<>();
    int from = 0;
    while (from < left.size()) {
      int to = from;
      long bytes = 0;
      while (to < left.size() && to - from < RECORD_TEXTS) {
        bytes += texts.get(left.get(to)).bytes();
        if (bytes > RECORD_BYTES && to > from) {
          break;
        }
        to++;
      }
      records.add(left.subList(from, to).stream().mapToInt(Integer::intValue).toArray());
      from = to;
    }
    return records;
  }
}
