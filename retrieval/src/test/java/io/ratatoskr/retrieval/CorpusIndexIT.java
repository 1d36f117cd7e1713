package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.formats.InputUnusable;
import io.ratatoskr.retrieval.Corpora.Doc;
import io.ratatoskr.retrieval.RetrievalException.CorpusUnusable;
import io.ratatoskr.schemas.Float32;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class CorpusIndexIT {
  private static final int POINTS = 12_000;
  private static final int QUERIES = 60;

  @TempDir private Path folder;
  private final List<String> built = new ArrayList<>();

  private CorpusIndex open(CorpusConfig config) {
    built.clear();
    return CorpusIndex.open(config, built::add);
  }

  private CorpusConfig points(float[][] points, int count) throws IOException {
    Path vectors = folder.resolve("vectors.jsonl");
    Path texts = folder.resolve("texts.jsonl");
    try (BufferedWriter vectorLines = Files.newBufferedWriter(vectors);
        BufferedWriter textLines = Files.newBufferedWriter(texts)) {
      for (int i = 0; i < count; i++) {
        Corpora.write(vectorLines, "p" + i, points[i], FakePipeline.SPACE);
        textLines.write("{\"id\":\"p%d\",\"text\":\"point %d\"}\n".formatted(i, i));
      }
    }
    return CorpusConfig.of(vectors, texts);
  }

  /** Independently computed, in double precision. */
  private static int[] bruteForce(float[][] points, int count, float[] query, int nearest) {
    double[] cosines =
        IntStream.range(0, count).mapToDouble(i -> Float32.cosine(points[i], query)).toArray();
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> cosines[i]).reversed())
        .limit(nearest)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Test
  void exactSearch_findsWhatBruteForceFinds() throws IOException {
    float[][] points = Corpora.clustered(3_000 + QUERIES, 96, 40, 1);

    try (CorpusIndex index = open(points(points, 3_000).withKind(IndexKind.EXACT))) {
      assertThat(index.size()).isEqualTo(3_000);
      for (int q = 3_000; q < points.length; q++) {
        int[] expected = bruteForce(points, 3_000, points[q], 100);
        List<Candidate> found = index.nearest(points[q], 100);
        for (int i = 0; i < 100; i++) {
          // Neighbours whose cosines differ by less than a float tells may change places.
          assertThat(found.get(i).cosine())
              .isCloseTo(Float32.cosine(points[expected[i]], points[q]), within(1e-6));
          int number = Integer.parseInt(found.get(i).id().substring(1));
          assertThat(found.get(i).cosine())
              .isCloseTo(Float32.cosine(points[number], points[q]), within(1e-6));
          assertThat(found.get(i).text()).isEqualTo("point " + number);
        }
        assertThat(found).extracting(Candidate::id).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void graphSearch_missesFewOfTheHundredNearest() throws IOException {
    float[][] points = Corpora.clustered(POINTS + QUERIES, 96, 60, 2);
    CorpusConfig config = points(points, POINTS);

    int shared = 0;
    try (CorpusIndex exact = open(config.withKind(IndexKind.EXACT));
        CorpusIndex graph = open(config.withKind(IndexKind.HNSW))) {
      assertThat(built).singleElement().asString().contains("hnsw");
      for (int q = POINTS; q < points.length; q++) {
        Set<String> expected = ids(exact.nearest(points[q], 100));
        Set<String> found = ids(graph.nearest(points[q], 100));
        assertThat(found).hasSize(100);
        found.retainAll(expected);
        shared += found.size();
      }
    }
    assertThat(shared / (100.0 * QUERIES)).as("recall@100").isGreaterThanOrEqualTo(0.95);
  }

  private static Set<String> ids(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::id).collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,1,EXACT",
    "AUTO,100000,EXACT",
    "AUTO,100001,HNSW",
    "HNSW,1,HNSW",
    "EXACT,999999,EXACT"
  })
  void theKindFollowsTheSize(IndexKind asked, int texts, IndexKind expected) {
    assertThat(asked.forSize(texts)).isEqualTo(expected);
  }

  @Test
  void ofTheSameId_theFirstCounts_andVectorsWithoutTextAreLeftOut() throws IOException {
    List<Doc> texts =
        List.of(new Doc("a", "ash one"), new Doc("a", "oak two"), new Doc("b", "elm three"));
    List<Doc> vectors =
        List.of(
            new Doc("b", "elm three"),
            new Doc("a", "ash one"),
            new Doc("gone", "yew four"),
            new Doc("a", "oak two"));
    CorpusConfig config =
        CorpusConfig.of(Corpora.vectors(folder, vectors), Corpora.texts(folder, texts));

    try (CorpusIndex index = open(config)) {
      List<Candidate> all = index.nearest(FakePipeline.vector("ash one"), 10);
      assertThat(all).extracting(Candidate::id).containsExactly("a", "b");
      assertThat(all.getFirst().text()).isEqualTo("ash one");
      assertThat(all.getFirst().cosine()).isCloseTo(1, within(1e-6));
      assertThat(index.size()).isEqualTo(2);
      assertThat(index.duplicates()).isEqualTo(1);
      assertThat(index.withoutText()).isEqualTo(1);
      assertThat(index.spaceId()).isEqualTo(FakePipeline.SPACE);
      assertThat(index.model()).isEqualTo("e");
    }
  }

  @Test
  void anIndexIsReused_untilAFileChanges() throws IOException {
    List<Doc> docs = List.of(new Doc("a", "ash one"), new Doc("b", "elm three"));
    CorpusConfig config =
        CorpusConfig.of(Corpora.vectors(folder, docs), Corpora.texts(folder, docs));

    open(config).close();
    assertThat(built).hasSize(2);
    open(config).close();
    assertThat(built).as("opened again").isEmpty();
    Files.setLastModifiedTime(config.vectors(), FileTime.fromMillis(12_345));
    open(config).close();
    assertThat(built).as("only the time has changed").isEmpty();

    List<Doc> more = new ArrayList<>(docs);
    more.add(new Doc("c", "oak two"));
    Corpora.vectors(folder, more);
    Corpora.texts(folder, more);
    try (CorpusIndex index = open(config)) {
      assertThat(built).as("the content has changed").hasSize(2);
      assertThat(index.size()).isEqualTo(3);
    }
    try (Stream<Path> entries = Files.list(config.folder())) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .filteredOn(name -> name.startsWith("content-"))
          .hasSize(1);
    }
  }

  @Test
  void whatAKilledBuildLeft_isBuiltAnew() throws IOException {
    List<Doc> docs = List.of(new Doc("a", "ash one"));
    CorpusConfig config =
        CorpusConfig.of(Corpora.vectors(folder, docs), Corpora.texts(folder, docs));
    Files.createDirectories(config.folder().resolve("building/sub"));
    Files.writeString(config.folder().resolve("building/sub/half"), "half");
    Files.writeString(config.folder().resolve("files.json"), "{ broken");

    try (CorpusIndex index = open(config)) {
      assertThat(index.size()).isEqualTo(1);
    }
    assertThat(config.folder().resolve("building")).doesNotExist();
  }

  @Test
  void anEmptyCorpus_hasNothingNear() throws IOException {
    CorpusConfig config =
        CorpusConfig.of(Corpora.vectors(folder, List.of()), Corpora.texts(folder, List.of()));

    try (CorpusIndex index = open(config)) {
      assertThat(index.nearest(FakePipeline.vector("ash"), 10)).isEmpty();
      assertThat(index.spaceId()).isEmpty();
    }
  }

  @Test
  void moreDimensionsThanLuceneAllows_areFine() throws IOException {
    float[][] points = Corpora.clustered(20, 3072, 2, 3);

    try (CorpusIndex index = open(points(points, 20).withKind(IndexKind.HNSW))) {
      assertThat(index.nearest(points[7], 1)).extracting(Candidate::id).containsExactly("p7");
      assertThatThrownBy(() -> index.nearest(new float[5], 1))
          .hasMessageContaining("5 components")
          .hasMessageContaining("3072");
    }
  }

  @Test
  void aCorpusThatCannotBeUsed_saysWhy() throws IOException {
    Path texts = Corpora.texts(folder, List.of(new Doc("a", "ash"), new Doc("b", "elm")));
    assertThatThrownBy(() -> open(CorpusConfig.of(folder.resolve("none.parquet"), texts)))
        .isInstanceOf(CorpusUnusable.class)
        .hasMessageContaining("none.parquet");

    assertUnusable(texts, "two spaces, s1 ('a') and s2 ('b')", "s1", new float[] {1, 0}, "s2", 2);
    assertUnusable(texts, "'a' has 2 components, that of 'b' 3", "s1", new float[] {1, 0}, "s1", 3);
    assertUnusable(texts, "'a' has no direction", "s1", new float[] {0, 0}, "s1", 2);
    assertUnusable(texts, "NaN", "s1", new float[] {Float.NaN, 0}, "s1", 2);

    Path strangers = Corpora.vectors(folder, List.of(new Doc("x", "yew")));
    assertThatThrownBy(() -> open(CorpusConfig.of(strangers, texts)))
        .isInstanceOf(CorpusUnusable.class)
        .hasMessageContaining("no id of")
        .hasMessageContaining("'x'");
  }

  private void assertUnusable(
      Path texts, String message, String space, float[] first, String otherSpace, int length)
      throws IOException {
    float[] second = new float[length];
    Arrays.fill(second, 1);
    Path vectors = folder.resolve("bad.jsonl");
    try (BufferedWriter lines = Files.newBufferedWriter(vectors)) {
      Corpora.write(lines, "a", first, space);
      Corpora.write(lines, "b", second, otherSpace);
    }
    assertThatThrownBy(() -> open(CorpusConfig.of(vectors, texts)))
        .isInstanceOfAny(CorpusUnusable.class, InputUnusable.class)
        .hasMessageContaining(message);
  }
}
