package io.ratatoskr.retrieval;

import io.ratatoskr.formats.TextFile;
import io.ratatoskr.retrieval.RetrievalException.CorpusUnusable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A corpus' texts and vectors, found by nearness. Both lie on disk and are mapped into memory, so
 * that the heap does not grow with the corpus. Thread-safe. Built at the first opening, and again
 * when a file has changed.
 *
 * <p>Of vectors with the same id the first counts, and of texts with the same id; a vector whose id
 * no text has is left out.
 */
public final class CorpusIndex implements AutoCloseable {
  private final IndexKind kind;
  private final TextStore texts;
  private final VectorStore vectors;

  private CorpusIndex(IndexKind kind, TextStore texts, VectorStore vectors) {
    this.kind = kind;
    this.texts = texts;
    this.vectors = vectors;
  }

  /**
   * Opens the index, and builds it where there is none of these files.
   *
   * @param progress is told, in a sentence, what takes long
   * @throws CorpusUnusable if a file is absent, or vectors are of several spaces or lengths
   * @throws io.ratatoskr.formats.InputUnusable if a file cannot be read
   */
  public static CorpusIndex open(CorpusConfig config, Consumer<String> progress) {
    try {
      IndexFolder folder = IndexFolder.of(config);
      Path textPart =
          folder.part(
              "texts",
              into -> {
                progress.accept("Indexing the texts of " + config.texts());
                TextStore.build(config, into);
              });
      TextStore texts = TextStore.open(textPart);
      try {
        IndexKind kind = config.kind().forSize(texts.size());
        String name = kind.name().toLowerCase(Locale.ROOT);
        Path vectorPart =
            folder.part(
                name,
                into -> {
                  progress.accept("Indexing the vectors of " + config.vectors() + ", " + name);
                  VectorStore.build(config, kind, texts, into);
                });
        return new CorpusIndex(kind, texts, VectorStore.open(vectorPart, kind));
      } catch (IOException | RuntimeException e) {
        texts.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CorpusUnusable("cannot index into " + config.folder() + ": " + e.getMessage(), e);
    }
  }

  /** How it is searched; never {@link IndexKind#AUTO}. */
  public IndexKind kind() {
    return kind;
  }

  /** Texts that can be found. */
  public int size() {
    return vectors.size();
  }

  /** The vector space of all of them; empty where there are none. */
  public String spaceId() {
    return vectors.facts().spaceId();
  }

  /** The model that embedded them; empty where the vectors' file does not say. */
  public String model() {
    return vectors.facts().model();
  }

  /** Vectors that were left out because no text has their id. */
  public long withoutText() {
    return vectors.facts().withoutText();
  }

  /** Vectors that were left out because an earlier one has their id. */
  public long duplicates() {
    return vectors.facts().duplicates();
  }

  /**
   * The nearest texts by cosine, nearest first; of equally near ones that which stands first in the
   * vectors' file.
   *
   * @param query a vector of the corpus' space
   * @param count how many at most
   * @throws IllegalArgumentException if the vector has another length, or no direction
   */
  public List<Candidate> nearest(float[] query, int count) {
    int dimensions = vectors.facts().dimensions();
    if (size() > 0 && query.length != dimensions) {
      throw new IllegalArgumentException(
          "a query of %d components, in a corpus of %d".formatted(query.length, dimensions));
    }
    try {
      List<VectorStore.Near> nearest = vectors.nearest(query, count);
      List<Candidate> candidates = new ArrayList<>(nearest.size());
      TextStore.Lookup lookup = texts.lookup();
      for (VectorStore.Near near : nearest) {
        TextFile.Text text = lookup.text(near.text());
        candidates.add(new Candidate(text.id(), text.text(), near.cosine()));
      }
      return candidates;
    } catch (IOException e) {
      throw new CorpusUnusable("cannot read the index: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      vectors.close();
      texts.close();
    } catch (IOException e) {
      throw new CorpusUnusable("cannot close the index: " + e.getMessage(), e);
    }
  }
}
