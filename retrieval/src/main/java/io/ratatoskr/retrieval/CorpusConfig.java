package io.ratatoskr.retrieval;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A corpus: vectors, the texts that they are of, and where the index of both stands.
 *
 * @param vectors what {@code embed} wrote: {@code .parquet} or {@code .jsonl}
 * @param texts what {@code embed} read: ids and texts
 * @param textField field of {@code texts} with the text
 * @param idField field of {@code texts} with the id
 * @param folder where the index stands; made where absent, and owned by the index
 * @param kind how the nearest texts are found
 */
public record CorpusConfig(
    Path vectors, Path texts, String textField, String idField, Path folder, IndexKind kind) {

  public CorpusConfig {
    vectors = vectors.toAbsolutePath().normalize();
    texts = texts.toAbsolutePath().normalize();
    folder = folder.toAbsolutePath().normalize();
    if (textField.isEmpty() || idField.isEmpty()) {
      throw new IllegalArgumentException("text-field and id-field: must not be empty");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("index-dir: " + folder + " is a file");
    }
  }

  /** Fields named text and id, the index in {@code VECTORS.index}, its kind automatic. */
  public static CorpusConfig of(Path vectors, Path texts) {
    return new CorpusConfig(
        vectors,
        texts,
        "text",
        "id",
        vectors.resolveSibling(vectors.getFileName() + ".index"),
        IndexKind.AUTO);
  }

  public CorpusConfig withFields(String newTextField, String newIdField) {
    return new CorpusConfig(vectors, texts, newTextField, newIdField, folder, kind);
  }

  public CorpusConfig withFolder(Path newFolder) {
    return new CorpusConfig(vectors, texts, textField, idField, newFolder, kind);
  }

  public CorpusConfig withKind(IndexKind newKind) {
    return new CorpusConfig(vectors, texts, textField, idField, folder, newKind);
  }
}
