package io.ratatoskr.bench;

import io.ratatoskr.onnx.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pairs of mixed length: each text of the corpus as a premise, the next short one as its
 * hypothesis.
 */
final class Pairs {
  private static final int WINDOW = 4_096;
  private static final int RECORD = 32;
  private static final int MOST_WORDS_OF_A_HYPOTHESIS = 20;

  private Pairs() {}

  /** Makes the file of the corpus, the same for every contender. */
  static Path make(int count) {
    Path file = Home.bench("target/corpus/pairs-%d.jsonl".formatted(count));
    List<String> texts = Corpus.texts(Home.bench(Corpus.UP_TO_128), count);
    List<String> hypotheses =
        texts.stream()
            .filter(text -> text.split(" ", -1).length <= MOST_WORDS_OF_A_HYPOTHESIS)
            .toList();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      lines.add(
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "id", "p" + i,
                      "premise", texts.get(i),
                      "hypothesis", hypotheses.get((i + 1) % hypotheses.size()))));
    }
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static List<TextPair> read(Path file, int count) {
    return Corpus.lines(file, count).stream()
        .map(line -> {
          JsonNode pair = JsonMapper.shared().readTree(line);
          return new TextPair(pair.path("premise").asString(), pair.path("hypothesis").asString());
        })
        .toList();
  }

  /** Positions of the pairs that each record holds, cut from windows sorted by length. */
  static List<List<Integer>> records(List<TextPair> pairs) {
    List<List<Integer>> records = new ArrayList<>();
    for (int from = 0; from < pairs.size(); from += WINDOW) {
      List<Integer> window =
          IntStream.range(from, Math.min(pairs.size(), from + WINDOW))
              .boxed()
              .sorted(Comparator.comparingInt((Integer i) -> length(pairs.get(i))).reversed())
              .toList();
      for (int at = 0; at < window.size(); at += RECORD) {
        records.add(window.subList(at, Math.min(window.size(), at + RECORD)));
      }
    }
    return records;
  }

  private static int length(TextPair pair) {
    return pair.premise().length() + pair.hypothesis().length();
  }
}
