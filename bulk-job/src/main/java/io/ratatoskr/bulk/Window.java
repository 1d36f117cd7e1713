package io.ratatoskr.bulk;

import io.ratatoskr.formats.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive lines of the input and the answers to their questions. Identical questions are asked
 * once. They are cut, sorted by length, into records of about equal length, so that batches pad
 * little; the longest go first, so that no long one runs alone at the end.
 */
final class Window {
  /** Most questions in a record. */
  static final int RECORD_ITEMS = 32;

  /** Most bytes of text in a record, unless one question alone has more. */
  static final int RECORD_BYTES = 64 * 1024;

  private static final int NO_QUESTION = -1;

  private final int index;
  private final List<Line> lines;
  private final byte[] hash;
  private final List<Line.Good> questions = new ArrayList<>();
  private final int[] questionOfLine;
  private final @Nullable Answer[] answers;
  private int open;

  Window(int index, List<Line> lines, byte[] hash) {
    this.index = index;
    this.lines = List.copyOf(lines);
    this.hash = hash.clone();
    this.questionOfLine = new int[lines.size()];
    Map<List<String>, Integer> known = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      questionOfLine[i] = NO_QUESTION;
      if (lines.get(i) instanceof Line.Good good) {
        Integer same = known.putIfAbsent(good.question(), questions.size());
        questionOfLine[i] = same == null ? questions.size() : same;
        if (same == null) {
          questions.add(good);
        }
      }
    }
    this.answers = new Answer[questions.size()];
    this.open = questions.size();
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

  List<String> question(int question) {
    return questions.get(question).question();
  }

  /** Lines whose question stands in the window before. */
  int reused() {
    int asked = 0;
    for (int question : questionOfLine) {
      asked += question == NO_QUESTION ? 0 : 1;
    }
    return asked - questions.size();
  }

  /** Lines that have each question. */
  int[] linesOfQuestions() {
    int[] count = new int[questions.size()];
    for (int question : questionOfLine) {
      if (question != NO_QUESTION) {
        count[question]++;
      }
    }
    return count;
  }

  @Nullable Answer answerOf(int question) {
    return answers[question];
  }

  /** Takes an answer; only the first to a question counts. */
  boolean answer(int question, Answer answer) {
    if (answers[question] != null) {
      return false;
    }
    answers[question] = answer;
    open--;
    return true;
  }

  boolean complete() {
    return open == 0;
  }

  /** The answer to a line; null for a bad line. */
  @Nullable Answer answerOfLine(int line) {
    return questionOfLine[line] == NO_QUESTION ? null : answers[questionOfLine[line]];
  }

  /**
   * The questions without an answer, cut into records; the first holds the longest.
   *
   * @param most most questions in one record
   */
  List<int[]> records(int most) {
    List<Integer> left = new ArrayList<>();
    for (int question = 0; question < answers.length; question++) {
      if (answers[question] == null) {
        left.add(question);
      }
    }
    left.sort(
        Comparator.comparingInt((Integer question) -> questions.get(question).bytes()).reversed());
    List<int[]> records = new ArrayList<>();
    int from = 0;
    while (from < left.size()) {
      int to = from;
      long bytes = 0;
      while (to < left.size() && to - from < most) {
        bytes += questions.get(left.get(to)).bytes();
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
