package io.ratatoskr.retrieval;

import io.ratatoskr.formats.VectorFile;
import io.ratatoskr.retrieval.RetrievalException.CorpusUnusable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocAndFloatFeatureBuffer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;

/**
 * Vectors of unit length on disk, mapped into memory, each with the number of its text. Searched by
 * scan or by graph; both compute similarities from the full vectors.
 */
final class VectorStore implements AutoCloseable {
  private static final String VECTOR = "vector";
  private static final String TEXT = "text";

  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexKind kind;
  private final Facts facts;

  /**
   * The properties that all vectors of the store share.
   *
   * @param spaceId their vector space; empty where there is no vector
   * @param model the model that made them; empty where the file does not say
   * @param dimensions their length
   * @param withoutText rows left out because no text has their id
   * @param duplicates rows left out because an earlier row has their id
   */
  record Facts(String spaceId, String model, int dimensions, long withoutText, long duplicates) {

    private Map<String, String> asMap() {
      Map<String, String> map = new LinkedHashMap<>();
      map.put("space", spaceId);
      map.put("model", model);
      map.put("dimensions", Integer.toString(dimensions));
      map.put("without-text", Long.toString(withoutText));
      map.put("duplicates", Long.toString(duplicates));
      return map;
    }

    private static Facts of(Map<String, String> map) {
      return new Facts(
          map.getOrDefault("space", ""),
          map.getOrDefault("model", ""),
          Integer.parseInt(map.getOrDefault("dimensions", "0")),
          Long.parseLong(map.getOrDefault("without-text", "0")),
          Long.parseLong(map.getOrDefault("duplicates", "0")));
    }
  }

  /**
   * A vector near a query.
   *
   * @param text number of its text, from 0
   * @param cosine cosine of the angle between it and the query, -1 to 1
   */
  record Near(int text, double cosine) {}

  private VectorStore(Directory directory, DirectoryReader reader, IndexKind kind, Facts facts) {
    this.directory = directory;
    this.reader = reader;
    this.kind = kind;
    this.facts = facts;
  }

  static void build(CorpusConfig config, IndexKind kind, TextStore texts, Path into)
      throws IOException {
    IndexWriterConfig writerConfig =
        TextStore.writerConfig()
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public VectorFormat getKnnVectorsFormatForField(String field) {
                    return new VectorFormat(kind);
                  }
                });
    try (VectorFile vectors = VectorFile.open(config.vectors());
        Directory directory = new MMapDirectory(into);
        IndexWriter writer = new IndexWriter(directory, writerConfig)) {
      Facts facts = add(config, vectors, texts, writer);
      writer.forceMerge(1);
      writer.setLiveCommitData(facts.asMap().entrySet());
      writer.commit();
    }
  }

  private static Facts add(
      CorpusConfig config, VectorFile vectors, TextStore texts, IndexWriter writer)
      throws IOException {
    BitSet seen = new BitSet();
    VectorFile.Embedding first = null;
    long withoutText = 0;
    long duplicates = 0;
    for (VectorFile.Embedding row = vectors.next(); row != null; row = vectors.next()) {
      first = first == null ? row : first;
      requireSame(config, first, row);
      int text = texts.find(row.id());
      if (text == TextStore.NONE) {
        withoutText++;
      } else if (seen.get(text)) {
        duplicates++;
      } else {
        seen.set(text);
        Document document = new Document();
        document.add(
            new KnnFloatVectorField(
                VECTOR, unit(config, row), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new NumericDocValuesField(TEXT, text));
        writer.addDocument(document);
      }
    }
    if (first == null) {
      return new Facts("", "", 0, 0, 0);
    }
    if (withoutText > 0 && seen.isEmpty()) {
      throw new CorpusUnusable(
          "no id of %s stands in %s, such as '%s'; give the texts that were embedded"
              .formatted(config.vectors(), config.texts(), first.id()),
          null);
    }
    return new Facts(
        first.spaceId(), first.model(), first.vector().length, withoutText, duplicates);
  }

  private static void requireSame(
      CorpusConfig config, VectorFile.Embedding first, VectorFile.Embedding row) {
    if (!first.spaceId().equals(row.spaceId())) {
      throw new CorpusUnusable(
          "%s holds vectors of two spaces, %s ('%s') and %s ('%s'), which do not compare; embed all with one model"
              .formatted(config.vectors(), first.spaceId(), first.id(), row.spaceId(), row.id()),
          null);
    }
    if (first.vector().length != row.vector().length) {
      throw new CorpusUnusable(
          "%s: the vector of '%s' has %d components, that of '%s' %d"
              .formatted(
                  config.vectors(),
                  first.id(),
                  first.vector().length,
                  row.id(),
                  row.vector().length),
          null);
    }
  }

  private static float[] unit(CorpusConfig config, VectorFile.Embedding row) {
    double squares = 0;
    for (float component : row.vector()) {
      squares += (double) component * component;
    }
    if (squares == 0 || !Double.isFinite(squares)) {
      throw new CorpusUnusable(
          "%s: the vector of '%s' has no direction: it is all zeros, or not finite"
              .formatted(config.vectors(), row.id()),
          null);
    }
    return VectorUtil.l2normalize(row.vector());
  }

  static VectorStore open(Path folder, IndexKind kind) throws IOException {
    Directory directory = new MMapDirectory(folder);
    try {
      DirectoryReader reader = DirectoryReader.open(directory);
      return new VectorStore(
          directory, reader, kind, Facts.of(reader.getIndexCommit().getUserData()));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  Facts facts() {
    return facts;
  }

  int size() {
    return reader.numDocs();
  }

  /** The nearest by cosine, nearest first; of equal ones that which stands first in the file. */
  List<Near> nearest(float[] query, int count) throws IOException {
    int wanted = Math.min(count, size());
    if (wanted == 0) {
      return List.of();
    }
    float[] unit = VectorUtil.l2normalize(query.clone());
    // One segment: the index is merged when it is built.
    LeafReader leaf = reader.leaves().getFirst().reader();
    ScoreDoc[] found =
        kind == IndexKind.HNSW ? byGraph(leaf, unit, wanted) : byScan(leaf, unit, wanted);
    Near[] near = new Near[Math.min(wanted, found.length)];
    for (int i = 0; i < near.length; i++) {
      NumericDocValues texts = Objects.requireNonNull(leaf.getNumericDocValues(TEXT));
      texts.advanceExact(found[i].doc);
      near[i] = new Near((int) texts.longValue(), 2.0 * found[i].score - 1);
    }
    return List.of(near);
  }

  private static ScoreDoc[] byScan(LeafReader leaf, float[] query, int count) throws IOException {
    FloatVectorValues values = Objects.requireNonNull(leaf.getFloatVectorValues(VECTOR));
    VectorScorer.Bulk scorer = values.scorer(query).bulk(null);
    TopKnnCollector nearest = new TopKnnCollector(count, Integer.MAX_VALUE);
    DocAndFloatFeatureBuffer block = new DocAndFloatFeatureBuffer();
    do {
      scorer.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, null, block);
      for (int i = 0; i < block.size; i++) {
        nearest.collect(block.docs[i], block.features[i]);
      }
    } while (block.size > 0);
    return nearest.topDocs().scoreDocs;
  }

  private static ScoreDoc[] byGraph(LeafReader leaf, float[] query, int count) throws IOException {
    // The search keeps more candidates than asked for, and so misses fewer of them.
    int candidates = Math.max(VectorFormat.SEARCH_CANDIDATES, count * 2);
    KnnCollector nearest = new TopKnnCollector(candidates, Integer.MAX_VALUE);
    leaf.searchNearestVectors(VECTOR, query, nearest, AcceptDocs.fromLiveDocs(null, leaf.maxDoc()));
    return nearest.topDocs().scoreDocs;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
