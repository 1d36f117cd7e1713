package io.ratatoskr.policy.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the form of a prompt says of its class, whatever the words are: fences and lines of code,
 * digits and operators, questions, length. Bounded patterns keep it linear.
 */
final class PromptShape {
  private static final String FENCE = "```";

  private static final int SHORT_QUESTION = 9;
  private static final int LONG_PROMPT = 120;

  private static final double FENCED = 0.6;
  private static final double CODE_LINE = 1.2;
  private static final double MORE_CODE = 0.6;
  private static final double EXPRESSION = 1.2;
  private static final double LETTERS_ONLY = 0.4;
  private static final double SUM_IN_WORDS = 0.4;
  private static final double PERCENT_OF = 1.0;
  private static final double QUESTION = 0.8;
  private static final double LENGTH = 0.3;
  private static final double TOOLS = 0.4;

  /** What stands in code and hardly ever in prose: a line for each. */
  private static final String CODE_SIGNS =
      """
      (?:[)\\]}'"]|=\\s?[^;\\n]{1,80}|\\breturn\\b[^;\\n]{0,80}|\\+\\+|--)\\s?;\\s{0,3}(?:$|[}/]|[\\w.]{1,40}\\s{0,2}[=<+-])
      \\b(?:def|fn|func|function)\\s{1,3}\\w{1,60}\\s?\\(
      \\b(?:int|void|const|var|struct|enum)\\s{1,3}\\w{1,60}\\s{0,3}[(={;]
      \\b(?:public|private|protected|static)\\s{1,3}(?:static|final|class|void|int|String)\\b
      \\bclass\\s{1,3}[A-Z]\\w{0,60}\\s?(?:\\{|\\(\\w{0,60}\\)\\s?:|extends\\b|implements\\b)
      ^\\s{0,12}(?:#include\\s?<|import\\s[\\w.{*]{1,80}[;.]|from\\s\\w{1,40}\\simport\\s)
      \\bSELECT\\s(?:\\*|[\\w., ()*]{1,200}\\sFROM\\b)
      \\b(?:INSERT INTO|CREATE TABLE|UPDATE\\s\\w{1,40}\\sSET)\\b
      \\b(?:while|for|if|switch|catch)\\s?\\([^)\\n]{1,120}\\)\\s{0,3}\\{
      ^\\s{0,12}at\\s[\\w.$]{1,120}\\([\\w.]{1,60}:\\d{1,6}\\)
      Traceback \\(most recent call last\\)
      File "[^"\\n]{1,120}", line \\d
      </\\w{1,30}>
      \\w\\(\\)\\s?;
      =>\\s?\\{
      \\w::\\w
      [=!]==?\\s?(?:null|nil|None|true|false)\\b
      \\\\[dwsb](?:[+*?{\\\\]|\\b)
      ^\\s{0,12}\\$\\s\\w{2,}
      """;

  private static final Pattern CODE =
      Pattern.compile(CODE_SIGNS.strip().replace('\n', '|'), Pattern.MULTILINE);

  private static final String OPERAND = "(?:\\d{1,30}(?:[.,]\\d{1,30})?%?[a-z]?|[a-zA-Z]|\\))";
  private static final Pattern OPERATION =
      Pattern.compile(
          "(?<![\\w.])(?<left>"
              + OPERAND
              + ")(?:\\s{0,2}[+*×·÷^=<>≤≥≠]\\s{0,2}|\\s{1,2}[-−–/]\\s{1,2})(?:[-−]\\s?)?"
              + "(?<right>\\(|\\d{1,30}(?:[.,]\\d{1,30})?[a-z]?(?!\\w)|[a-zA-Z](?!\\w)|\\?)");
  private static final Pattern LATEX =
      Pattern.compile(
          "\\\\(?:int|frac|sum|sqrt|prod|lim|begin\\{[a-z]?matrix|partial|binom)(?![a-z])");
  private static final Pattern PERCENT = Pattern.compile("\\d\\s?%\\s{1,2}\\p{L}{1,4}\\s{1,2}\\d");
  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w.,:/-])\\d{1,15}(?:[.,]\\d{1,15})?(?![\\w/:-])");

  private static final Set<String> ONE_WORD =
      Set.of(
          "who", "whose", "when", "where", "which", "is", "are", "was", "were", "does", "did",
          "what's", "who's", "where's", "wer", "wann", "wo", "qui", "quand", "où", "quién",
          "cuándo", "dónde", "cuál", "кто", "когда", "где");
  private static final Set<String> AFTER_WHAT =
      Set.of("is", "are", "was", "were", "year", "time", "color");
  private static final Set<String> AFTER_HOW =
      Set.of("many", "much", "old", "tall", "far", "long", "big", "high", "deep", "fast", "often");

  private PromptShape() {}

  /**
   * What speaks for classes.
   *
   * @param text the prompt, as far as it is looked at
   * @param words its words
   * @param offersTools whether the request offers tools
   */
  static List<Evidence> of(String text, Words words, boolean offersTools) {
    List<Evidence> all = new ArrayList<>();
    int fence = text.indexOf(FENCE);
    boolean code = code(text, fence, all);
    String prose = fence < 0 ? text : text.substring(0, fence);
    if (!code) {
      numbers(prose, all);
    }
    if (isShortQuestion(prose, words)) {
      all.add(new Evidence(TaskClass.QUICK_RESPONSE, QUESTION, "a short question"));
    }
    if (words.size() > LONG_PROMPT) {
      all.add(new Evidence(TaskClass.DEEP_THINKING, LENGTH, "a long prompt"));
    }
    if (offersTools) {
      all.add(new Evidence(TaskClass.TOOL_USE, TOOLS, "tools on offer"));
    }
    return all;
  }

  private static boolean code(String text, int fence, List<Evidence> all) {
    if (fence >= 0) {
      all.add(new Evidence(TaskClass.CODE_GENERATION, FENCED, "a fence"));
    }
    Matcher lines = CODE.matcher(text);
    if (!lines.find()) {
      return false;
    }
    all.add(
        new Evidence(
            TaskClass.CODE_GENERATION,
            CODE_LINE + (lines.find() ? MORE_CODE : 0),
            "lines of code"));
    return true;
  }

  private static void numbers(String text, List<Evidence> all) {
    if (LATEX.matcher(text).find()) {
      all.add(new Evidence(TaskClass.MATHEMATICAL, EXPRESSION, "a formula"));
    }
    operation(text, all);
    if (PERCENT.matcher(text).find()) {
      all.add(new Evidence(TaskClass.MATHEMATICAL, PERCENT_OF, "a share of a number"));
    }
    boolean asks = text.indexOf('?') >= 0;
    if (asks && NUMBER.matcher(text).results().limit(2).count() == 2) {
      all.add(new Evidence(TaskClass.MATHEMATICAL, SUM_IN_WORDS, "numbers and a question"));
    }
  }

  private static void operation(String text, List<Evidence> all) {
    Matcher found = OPERATION.matcher(text);
    boolean letters = false;
    while (found.find()) {
      if ((found.group("left") + found.group("right")).chars().anyMatch(Character::isDigit)) {
        all.add(new Evidence(TaskClass.MATHEMATICAL, EXPRESSION, "digits and operators"));
        return;
      }
      letters = true;
    }
    if (letters) {
      all.add(new Evidence(TaskClass.MATHEMATICAL, LETTERS_ONLY, "operators between letters"));
    }
  }

  /** Whether it ends in a question that can be answered in a line, and is not much longer. */
  private static boolean isShortQuestion(String text, Words words) {
    if (words.size() == 0 || words.size() > SHORT_QUESTION || !endsInQuestion(text)) {
      return false;
    }
    int first = words.lastSentence();
    String word = words.at(first);
    String next = words.at(first + 1);
    return ONE_WORD.contains(word)
        || (word.equals("what") && AFTER_WHAT.contains(next))
        || (word.equals("how") && AFTER_HOW.contains(next));
  }

  private static boolean endsInQuestion(String text) {
    String end = text.stripTrailing();
    return end.endsWith("?") || end.endsWith("？") || end.endsWith("؟");
  }
}
