package io.ratatoskr.retrieval;

import io.ratatoskr.retrieval.RetrievalException.CorpusUnusable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run file for scoring tools: a line for each hit, {@code query Q0 document rank score tag}, as
 * {@code trec_eval} reads it. White space in an id is written as in URLs, since fields are
 * separated by it.
 *
 * @see <a href="https://github.com/usnistgov/trec_eval">trec_eval</a>
 */
public final class TrecRun {
  private static final String TAG = "ratatoskr";

  private TrecRun() {}

  /**
   * Makes a run of results that {@link RetrievalJson} wrote. It gets its name when it is whole.
   *
   * @param results one retrieval a line
   * @param run replaced where it exists
   */
  public static void write(Path results, Path run) {
    Path fresh = run.resolveSibling(run.getFileName() + ".new");
    try {
      try (BufferedReader lines = Files.newBufferedReader(results);
          Writer out = Files.newBufferedWriter(fresh)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          write(line, out);
        }
      }
      Files.move(fresh, run, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      throw new CorpusUnusable("cannot write the run " + run + ": " + e.getMessage(), e);
    }
  }

  private static void write(String line, Writer out) throws IOException {
    String query = field(id(line));
    for (JsonNode hit : JsonMapper.shared().readTree(line).path("hits")) {
      out.write(
          String.format(
              Locale.ROOT,
              "%s Q0 %s %d %.6f %s\n",
              query,
              field(hit.path("id").asString("")),
              hit.path("rank").asInt(0),
              hit.path("score").asDouble(0),
              TAG));
    }
  }

  /** The id as it stands: as a number, 1.50 would become 1.5. */
  private static String id(String line) {
    try (JsonParser parser = JsonMapper.shared().createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = parser.currentName().equals("id");
        parser.nextToken();
        if (found) {
          return parser.getString();
        }
        parser.skipChildren();
      }
      return "";
    }
  }

  private static String field(String id) {
    StringBuilder field = new StringBuilder();
    id.chars()
        .forEach(c -> {
          if (Character.isWhitespace(c)) {
            field.append(String.format(Locale.ROOT, "%%%02X", c));
          } else {
            field.append((char) c);
          }
        });
    return field.isEmpty() ? "-" : field.toString();
  }
}
