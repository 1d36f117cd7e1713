package io.ratatoskr.retrieval;

import java.util.Locale;
import java.util.Set;

/**
 * A question to the corpus. Stated as a sentence it can follow from a text; a question or a few
 * keywords cannot.
 *
 * @param id the caller's own; not looked at
 * @param text what is looked for; an empty one fails with {@code InvalidInput}
 */
public record Query(String id, String text) {
  private static final String ENDS_OF_STATEMENTS = ".!。．।۔";
  private static final String CLOSING = "\"'”’»)]";
  private static final String OPENING = "\"'“‘«([¡";

  /** First words of English questions, which some write without a question mark. */
  private static final Set<String> ASKING =
      Set.of(
          "what", "which", "who", "whom", "whose", "how", "why", "where", "when", "is", "are",
          "was", "were", "am", "do", "does", "did", "has", "have", "had", "can", "could", "shall",
          "should", "will", "would", "may", "might", "must");

  /**
   * Whether it is written as a statement: it begins with a letter that is not a small one, or with
   * a digit, ends as a sentence does, and is not a question. Judged by its form alone, so a claim
   * typed without its full stop is none, and a heading with one is.
   */
  public boolean isClaim() {
    String sentence = text.strip();
    while (!sentence.isEmpty() && CLOSING.indexOf(sentence.charAt(sentence.length() - 1)) >= 0) {
      sentence = sentence.substring(0, sentence.length() - 1);
    }
    while (!sentence.isEmpty() && OPENING.indexOf(sentence.charAt(0)) >= 0) {
      sentence = sentence.substring(1);
    }
    if (sentence.isEmpty()
        || ENDS_OF_STATEMENTS.indexOf(sentence.charAt(sentence.length() - 1)) < 0) {
      return false;
    }
    int first = sentence.codePointAt(0);
    return Character.isLetterOrDigit(first)
        && !Character.isLowerCase(first)
        && !ASKING.contains(sentence.split("[^\\p{L}]", 2)[0].toLowerCase(Locale.ROOT));
  }
}
