package io.ratatoskr.launcher.operate;

import io.ratatoskr.settings.DurationText;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which dead letters are meant: those that meet all terms.
 *
 * @param terms what is asked of a letter
 * @param since letters written before are not meant
 */
record LetterFilter(List<Term> terms, Instant since) {
  private static final Pattern TERM = Pattern.compile("([a-z-]+)([=~])(.*)");
  private static final String SINCE = "since";

  /** What can be asked about. */
  enum Field {
    TOPIC(letter -> letter.content().getTopic()),
    CODE(letter -> letter.content().getCode()),
    TENANT(Letter::tenant),
    LANE(Letter::lane),
    CAPABILITY(Letter::capability),
    MODEL(Letter::model);

    @SuppressWarnings("ImmutableEnumChecker") // of a function without state
    private final Function<Letter, String> of;

    Field(Function<Letter, String> of) {
      this.of = of;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Field> named(String word) {
      return Arrays.stream(values()).filter(field -> field.word().equals(word)).findFirst();
    }
  }

  /**
   * What is asked of a letter.
   *
   * @param field what is looked at
   * @param whole whether it shall be that text, or else contain it, in capitals or not
   * @param text the text
   */
  record Term(Field field, boolean whole, String text) {
    boolean isMetBy(Letter letter) {
      String value = field.of.apply(letter);
      return whole
          ? value.equals(text)
          : value.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Reads terms: {@code field=value}, {@code field~part}, {@code since=24h} or {@code
   * since=2026-11-28T12:00:00Z}.
   *
   * @throws IllegalArgumentException naming the term that is none
   */
  static LetterFilter parse(List<String> texts, Clock clock) {
    List<Term> terms = new ArrayList<>();
    Instant since = Instant.EPOCH;
    for (String text : texts) {
      Matcher parts = TERM.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException("--where: '" + text + "' is not like code=Http");
      }
      boolean whole = parts.group(2).equals("=");
      if (parts.group(1).equals(SINCE) && whole) {
        since = since("--where: since", parts.group(3), clock);
      } else {
        Field field =
            Field.named(parts.group(1))
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "--where: there is no '%s'; there are %s and since="
                            .formatted(parts.group(1), fields())));
        terms.add(new Term(field, whole, parts.group(3)));
      }
    }
    return new LetterFilter(List.copyOf(terms), since);
  }

  /**
   * The time of a text: so long ago, or a moment of ISO 8601.
   *
   * @param name what it is, for the message
   */
  static Instant since(String name, String text, Clock clock) {
    try {
      return text.matches("\\d{4}-.*")
          ? Instant.parse(text)
          : clock.instant().minus(DurationText.read(text));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + ": '" + text + "' is neither like 24h nor like 2026-11-28T12:00:00Z", e);
    }
  }

  private static String fields() {
    return Arrays.stream(Field.values()).map(Field::word).collect(Collectors.joining(", "));
  }

  boolean takes(Letter letter) {
    return !letter.written().isBefore(since)
        && terms.stream().allMatch(term -> term.isMetBy(letter));
  }
}
