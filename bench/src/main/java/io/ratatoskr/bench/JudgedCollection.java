package io.ratatoskr.bench;

import io.ratatoskr.retrieval.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Texts, queries, and what each query looks for.
 *
 * @param name for the report
 * @param texts by id
 * @param queries in the collection's order
 * @param gains by the query's id: the gain of each text that it looks for, above 0
 */
record JudgedCollection(
    String name,
    Map<String, String> texts,
    List<Query> queries,
    Map<String, Map<String, Double>> gains) {

  /** Where the gain of a hit is counted: the first ten, as the measure's name says. */
  private static final int CUT = 10;

  /**
   * The claims of {@code bench/judged/claims.txt}. Of each subject there are a claim and its
   * opposite, and two texts that say the one, two that say the other and two that say neither.
   */
  static JudgedCollection claims(Path file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Query> queries = new ArrayList<>();
    Map<String, Map<String, Double>> gains = new HashMap<>();
    int subject = 0;
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      char kind = line.charAt(0);
      String text = line.substring(2);
      if (kind == 'A') {
        subject++;
      }
      switch (kind) {
        case 'A', 'B' -> queries.add(new Query("%d%c".formatted(subject, kind), text));
        case '+', '-', 'o' -> {
          String id = "%d%c%d".formatted(subject, kind, texts.size());
          texts.put(id, text);
          if (kind != 'o') {
            String query = "%d%c".formatted(subject, kind == '+' ? 'A' : 'B');
            gains.computeIfAbsent(query, _ -> new HashMap<>()).put(id, 1.0);
          }
        }
        default -> throw new IllegalArgumentException(file + ": " + line);
      }
    }
    return new JudgedCollection("claims", texts, queries, gains);
  }

  /**
   * The Cranfield collection (Cleverdon, 1967): abstracts on aerodynamics, and questions about them
   * with graded judgements. Grade 1 is the best of four, -1 and 5 are not relevant; the gain is
   * 2^(5 - grade) - 1. Texts without a title.
   *
   * @param folder with {@code cran.all.1400}, {@code cran.qry} and {@code cranqrel}, in which
   *     queries are known by their place
   */
  static JudgedCollection cranfield(Path folder) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    records(folder.resolve("cran.all.1400"))
        .forEach((id, text) -> {
          if (!text.isBlank()) {
            texts.put(id, text);
          }
        });
    List<Query> queries = new ArrayList<>();
    for (String text : records(folder.resolve("cran.qry")).values()) {
      queries.add(new Query(Integer.toString(queries.size() + 1), text));
    }
    Map<String, Map<String, Double>> gains = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("cranqrel"))) {
      String[] fields = line.strip().split("\\s+", -1);
      int grade = Integer.parseInt(fields[2]);
      if (grade >= 1 && grade <= 4) {
        gains
            .computeIfAbsent(fields[0], _ -> new HashMap<>())
            .put(fields[1], Math.pow(2, 5 - grade) - 1);
      }
    }
    queries.removeIf(query -> !gains.containsKey(query.id()));
    return new JudgedCollection("Cranfield", texts, queries, gains);
  }

  /** The words, {@code .W}, of each record, {@code .I}, of a file of the collection. */
  private static Map<String, String> records(Path file) throws IOException {
    Map<String, String> words = new LinkedHashMap<>();
    String id = "";
    boolean inWords = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(".I ")) {
        id = line.substring(3).strip();
        words.put(id, "");
        inWords = false;
      } else if (line.matches("\\.[A-Z]\\s*")) {
        inWords = line.charAt(1) == 'W';
      } else if (inWords) {
        words.merge(id, line.strip(), (first, next) -> (first + " " + next).strip());
      }
    }
    return words;
  }

  /**
   * Half of the queries: those of odd subjects, by which defaults may be chosen, or those of even
   * ones, by which nothing was.
   */
  List<Query> half(boolean heldOut) {
    return queries.stream()
        .filter(
            query -> Integer.parseInt(query.id().replaceAll("\\D", "")) % 2 == (heldOut ? 0 : 1))
        .toList();
  }

  /**
   * Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002).
   *
   * @param ids of the hits, best first
   */
  double ndcg(Query query, List<String> ids) {
    Map<String, Double> wanted = gains(query);
    List<Double> best = wanted.values().stream().sorted(Comparator.reverseOrder()).toList();
    return discounted(ids.stream().map(id -> wanted.getOrDefault(id, 0.0)).toList())
        / discounted(best);
  }

  private static double discounted(List<Double> gains) {
    return IntStream.range(0, Math.min(CUT, gains.size()))
        .mapToDouble(i -> gains.get(i) * Math.log(2) / Math.log(i + 2.0))
        .sum();
  }

  /** 1 ÷ the rank of the first hit that the query looks for; 0 where there is none. */
  double reciprocalRank(Query query, List<String> ids) {
    return IntStream.range(0, ids.size())
        .filter(i -> gains(query).containsKey(ids.get(i)))
        .mapToDouble(i -> 1.0 / (i + 1))
        .findFirst()
        .orElse(0);
  }

  /** Share of what the query looks for that is among the hits. */
  double recall(Query query, List<String> ids) {
    return (double) ids.stream().filter(gains(query)::containsKey).count() / gains(query).size();
  }

  private Map<String, Double> gains(Query query) {
    return gains.getOrDefault(query.id(), Map.of());
  }
}
