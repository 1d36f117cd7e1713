package io.ratatoskr.bench;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer that a request asks of the {@link StubProvider}, in the words of its message, so that
 * it comes through whatever stands between.
 *
 * @param tokens pieces of the answer
 * @param perSecond pieces a second; 0 sends them as fast as they are taken
 * @param latencyMillis until the first one, or until the whole answer
 * @param padding characters of each piece beside what tells it
 * @param stamped whether a piece says when it was sent, and not its number
 * @param tag names the request at the provider
 */
record Plan(int tokens, int perSecond, int latencyMillis, int padding, boolean stamped, long tag) {
  private static final Pattern WORDS =
      Pattern.compile(
          "(Count|Tell the time) (\\d+) times, (\\d+) a second, after (\\d+) ms, padded by (\\d+),"
              + " as (\\d+)");

  static Plan counting(int tokens, int perSecond) {
    return new Plan(tokens, perSecond, 0, 0, false, 0);
  }

  Plan after(int millis) {
    return new Plan(tokens, perSecond, millis, padding, stamped, tag);
  }

  Plan paddedBy(int characters) {
    return new Plan(tokens, perSecond, latencyMillis, characters, stamped, tag);
  }

  Plan withStamps() {
    return new Plan(tokens, perSecond, latencyMillis, padding, true, tag);
  }

  Plan as(long newTag) {
    return new Plan(tokens, perSecond, latencyMillis, padding, stamped, newTag);
  }

  /** The message that asks for it. */
  String words() {
    return "%s %d times, %d a second, after %d ms, padded by %d, as %d"
        .formatted(
            stamped ? "Tell the time" : "Count", tokens, perSecond, latencyMillis, padding, tag);
  }

  /** The plan that a request's body asks for; empty where it asks for none. */
  static Optional<Plan> in(String body) {
    Matcher words = WORDS.matcher(body);
    return words.find()
        ? Optional.of(
            new Plan(
                Integer.parseInt(words.group(2)),
                Integer.parseInt(words.group(3)),
                Integer.parseInt(words.group(4)),
                Integer.parseInt(words.group(5)),
                words.group(1).startsWith("Tell"),
                Long.parseLong(words.group(6))))
        : Optional.empty();
  }

  /** The piece of that number, from 0, sent at this time. */
  String piece(int number, long epochMicros) {
    return (stamped ? epochMicros : number) + "x".repeat(padding) + " ";
  }
}
