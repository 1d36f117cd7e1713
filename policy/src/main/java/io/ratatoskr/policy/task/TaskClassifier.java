package io.ratatoskr.policy.task;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the class of a prompt: a pure function of its text and of the rules' phrases.
 *
 * <p>Each keyword adds 1 to the score of its class, each hint 0.35, both half as much again where
 * they begin the prompt, as an instruction does. Of phrases that overlap the longest counts alone:
 * {@code story of} leaves nothing to {@code story}. The form of the prompt adds its part ({@link
 * PromptShape}). The confidence grows with the highest score, and falls with the score of the next
 * class. Between equal scores the class that is named first in {@link #TIES} wins; below a
 * confidence of 0.5 it is {@code general}.
 *
 * <p>Immutable; takes time in proportion to what it looks at, at most {@link #MOST_LOOKED_AT}
 * characters.
 */
public final class TaskClassifier {
  /**
   * The most characters of a prompt that are looked at: its beginning, and a quarter at its end.
   */
  static final int MOST_LOOKED_AT = 8_000;

  /** The classes in the order in which they win a tie: the narrower one first. */
  public static final List<TaskClass> TIES =
      List.of(
          TaskClass.EMBEDDING,
          TaskClass.CODE_GENERATION,
          TaskClass.MATHEMATICAL,
          TaskClass.TOOL_USE,
          TaskClass.CREATIVE,
          TaskClass.DEEP_THINKING,
          TaskClass.QUICK_RESPONSE,
          TaskClass.GENERAL);

  private static final double KEYWORD = 1;
  private static final double HINT = 0.35;
  private static final double AT_THE_START = 1.5;
  private static final double ENOUGH = 0.5;

  /** How fast confidence grows with a score: one keyword alone gives 0.7. */
  private static final double GROWTH = 1.2;

  /** The most words of a prompt that can be a greeting or thanks. */
  private static final int SHORT_REMARK = 8;

  /** Words before an instruction that say nothing. */
  private static final Set<String> POLITE =
      Set.of("please", "can", "could", "would", "will", "you", "kindly", "now", "then", "bitte");

  /** What a phrase says of a class. */
  private record Vote(TaskClass taskClass, double weight) {}

  private record Entry(Phrase phrase, List<Vote> votes) {}

  private record Match(Entry entry, int place, BitSet taken) {}

  private final Map<String, List<Entry>> byFirstWord;

  /** A classifier by these rules' phrases. */
  public TaskClassifier(TaskClasses rules) {
    Map<List<String>, Entry> entries = new LinkedHashMap<>();
    for (TaskClass one : TaskClass.values()) {
      add(entries, one, rules.of(one).keywords(), KEYWORD);
      add(entries, one, rules.of(one).hints(), HINT);
    }
    byFirstWord =
        entries.values().stream().collect(Collectors.groupingBy(entry -> entry.phrase().first()));
  }

  private static void add(
      Map<List<String>, Entry> entries, TaskClass taskClass, List<String> phrases, double weight) {
    for (String text : phrases) {
      Phrase phrase = Phrase.of(text);
      entries
          .computeIfAbsent(phrase.parts(), parts -> new Entry(phrase, new ArrayList<>()))
          .votes()
          .add(new Vote(taskClass, weight));
    }
  }

  /** The class of a prompt that comes without tools. */
  public Classification classify(String prompt) {
    return classify(prompt, false);
  }

  /**
   * The class of a prompt.
   *
   * @param prompt what is asked, of a conversation its last message; may be empty
   * @param offersTools whether the request offers tools
   */
  public Classification classify(String prompt, boolean offersTools) {
    String text = lookedAt(prompt);
    Words words = Words.of(text);
    List<Evidence> evidence = new ArrayList<>(phrases(words));
    evidence.addAll(PromptShape.of(text, words, offersTools));
    return judge(evidence);
  }

  private static String lookedAt(String prompt) {
    if (prompt.length() <= MOST_LOOKED_AT) {
      return prompt;
    }
    int head = whole(prompt, MOST_LOOKED_AT / 4 * 3);
    int tail = whole(prompt, prompt.length() - MOST_LOOKED_AT / 4);
    return prompt.substring(0, head) + "\n" + prompt.substring(tail);
  }

  /** The index, or the one before it where it would cut a character in two. */
  private static int whole(String text, int index) {
    return Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
  }

  private List<Evidence> phrases(Words words) {
    List<Match> matches = new ArrayList<>();
    for (int place = 0; place < words.size(); place++) {
      for (Entry entry : byFirstWord.getOrDefault(words.at(place), List.of())) {
        BitSet taken = entry.phrase().at(words, place);
        if (!taken.isEmpty()) {
          matches.add(new Match(entry, place, taken));
        }
      }
    }
    matches.sort(
        Comparator.comparingInt((Match match) -> -match.taken().cardinality())
            .thenComparingInt(Match::place));
    int instruction = instruction(words);
    BitSet taken = new BitSet();
    Map<Entry, Match> counted = new LinkedHashMap<>();
    for (Match match : matches) {
      if (!taken.intersects(match.taken())) {
        taken.or(match.taken());
        counted.merge(match.entry(), match, (one, two) -> one.place() <= two.place() ? one : two);
      }
    }
    // A greeting before something longer says nothing of it.
    boolean isShort = words.size() <= SHORT_REMARK;
    List<Evidence> evidence = new ArrayList<>();
    counted.values().stream()
        .sorted(Comparator.comparingInt(Match::place))
        .forEach(match -> {
          double factor = match.place() == instruction ? AT_THE_START : 1;
          String what = '"' + match.entry().phrase().text() + '"';
          match.entry().votes().stream()
              .filter(vote -> isShort || vote.taskClass() != TaskClass.QUICK_RESPONSE)
              .forEach(vote ->
                  evidence.add(new Evidence(vote.taskClass(), vote.weight() * factor, what)));
        });
    return evidence;
  }

  private static int instruction(Words words) {
    int first = 0;
    while (POLITE.contains(words.at(first))) {
      first++;
    }
    return first;
  }

  private static Classification judge(List<Evidence> evidence) {
    Map<TaskClass, Double> scores = new EnumMap<>(TaskClass.class);
    Map<TaskClass, List<String>> why = new HashMap<>();
    for (Evidence one : evidence) {
      scores.merge(one.taskClass(), one.weight(), Double::sum);
      why.computeIfAbsent(one.taskClass(), c -> new ArrayList<>()).add(one.what());
    }
    List<TaskClass> order =
        scores.keySet().stream()
            .sorted(
                Comparator.comparingDouble((TaskClass one) -> -scores.getOrDefault(one, 0.0))
                    .thenComparingInt(TIES::indexOf))
            .toList();
    if (order.isEmpty()) {
      return new Classification(TaskClass.GENERAL, 0, "nothing speaks for a class", scores);
    }
    TaskClass best = order.getFirst();
    double first = scores.getOrDefault(best, 0.0);
    double second = order.size() > 1 ? scores.getOrDefault(order.get(1), 0.0) : 0;
    double confidence =
        (1 - StrictMath.exp(-GROWTH * first))
            * first
            * first
            / (first * first + second * second / 2);
    String reasons = String.join(", ", why.getOrDefault(best, List.of()));
    String against =
        order.size() == 1
            ? ""
            : "; against it, for %s: %s"
                .formatted(
                    order.get(1).className(),
                    String.join(", ", why.getOrDefault(order.get(1), List.of())));
    return confidence < ENOUGH
        ? new Classification(
            TaskClass.GENERAL,
            confidence,
            "too little for " + best.className() + ": " + reasons + against,
            scores)
        : new Classification(best, confidence, reasons + against, scores);
  }
}
