package io.ratatoskr.bench;

import java.util.List;
import java.util.SplittableRandom;

/** Short texts that differ, some twelve tokens each. Not safe for several threads. */
final class Sentences {
  static final List<String> WORDS =
      List.of(
          "ash",
          "branch",
          "acorn",
          "letter",
          "eagle",
          "root",
          "message",
          "winter",
          "squirrel",
          "trunk",
          "leaf",
          "answer",
          "hazel",
          "river",
          "moss",
          "swift");

  private final SplittableRandom random;
  private long number;

  Sentences(long seed) {
    this.random = new SplittableRandom(seed);
    this.number = seed * 1_000_000_000L;
  }

  String next() {
    StringBuilder text = new StringBuilder("note ").append(Long.toString(number++, 36));
    for (int word = 0; word < 7; word++) {
      text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }
}
