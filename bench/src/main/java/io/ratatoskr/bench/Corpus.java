package io.ratatoskr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The texts that {@code bench/run corpus} made. */
final class Corpus {
  /** Read by every contender; a peer that cuts at 128 tokens would do less work on longer ones. */
  static final String UP_TO_128 = "target/corpus/texts-128.jsonl";

  /** All that the model takes whole. */
  static final String UP_TO_256 = "target/corpus/texts-256.jsonl";

  private Corpus() {}

  static List<String> lines(Path file, int count) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.limit(count).toList();
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("No " + file + ": run bench/run corpus first.", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> texts(Path file, int count) {
    return lines(file, count).stream().map(Corpus::text).toList();
  }

  static String text(String line) {
    return JsonMapper.shared().readTree(line).path("text").asString("");
  }
}
