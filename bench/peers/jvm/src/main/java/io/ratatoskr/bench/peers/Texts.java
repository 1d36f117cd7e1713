package io.ratatoskr.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a peer is asked to embed, and how it is asked. */
final class Texts {
  static final ObjectMapper JSON = new ObjectMapper();

  private Texts() {}

  static List<String> read(Path file, int count) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.limit(count).map(Texts::text).toList();
    }
  }

  private static String text(String line) {
    try {
      return JSON.readTree(line).path("text").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Texts, or pairs of them. */
  static List<String[]> readEach(Path file, int count) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.limit(count).map(Texts::each).toList();
    }
  }

  private static String[] each(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return json.has("premise")
          ? new String[] {json.path("premise").asText(), json.path("hypothesis").asText()}
          : new String[] {json.path("text").asText()};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void say(Map<String, ?> what) throws IOException {
    System.out.println(JSON.writeValueAsString(what));
    System.out.flush();
  }

  /**
   * Embeds texts for each line "run FROM TO" or "run FROM TO FILE" on standard input and prints
   * {@code {"texts", "seconds"}}. FILE gets the vectors as little-endian f32.
   */
  static <T> void serve(List<T> texts, Function<List<T>, List<float[]>> embed) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] command = line.split(" ", 4);
      int from = Math.min(Integer.parseInt(command[1]), texts.size());
      int to = Math.min(Integer.parseInt(command[2]), texts.size());
      long begin = System.nanoTime();
      List<float[]> vectors = embed.apply(texts.subList(from, to));
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (command.length == 4) {
        Files.write(Path.of(command[3]), bytes(vectors));
      }
      say(Map.of("texts", vectors.size(), "seconds", seconds));
    }
  }

  private static byte[] bytes(List<float[]> vectors) {
    int elements = vectors.stream().mapToInt(vector -> vector.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    vectors.forEach(vector -> {
      for (float element : vector) {
        bytes.putFloat(element);
      }
    });
    return bytes.array();
  }

  /** Version of a library by the name of its jar. */
  static String version(Class<?> of, String artifact) {
    String jar =
        Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath())
            .getFileName()
            .toString();
    return jar.replace(artifact + "-", "").replace(".jar", "");
  }
}
