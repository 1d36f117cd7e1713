package io.ratatoskr.retrieval;

import io.ratatoskr.formats.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** Ids and texts on disk, found by id or by number. Numbers follow the order of the file. */
final class TextStore implements AutoCloseable {
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final Set<String> FIELDS = Set.of(ID, TEXT);
  private static final int BUFFER_MIB = 48;

  /** No text has that id. */
  static final int NONE = -1;

  private final Directory directory;
  private final DirectoryReader reader;

  private TextStore(Directory directory, DirectoryReader reader) {
    this.directory = directory;
    this.reader = reader;
  }

  static void build(CorpusConfig config, Path into) throws IOException {
    try (TextFile texts = TextFile.open(config.texts(), config.textField(), config.idField());
        Directory directory = new MMapDirectory(into);
        IndexWriter writer = new IndexWriter(directory, writerConfig())) {
      Document document = new Document();
      StringField indexed = new StringField(ID, "", Field.Store.YES);
      StoredField stored = new StoredField(TEXT, "");
      document.add(indexed);
      document.add(stored);
      for (TextFile.Text text = texts.next(); text != null; text = texts.next()) {
        indexed.setStringValue(text.id());
        stored.setStringValue(text.text());
        writer.addDocument(document);
      }
      writer.commit();
    }
  }

  /** Segments stay in the order of adding, and no thread beside the caller's merges them. */
  static IndexWriterConfig writerConfig() {
    return new IndexWriterConfig()
        .setRAMBufferSizeMB(BUFFER_MIB)
        .setMergePolicy(new LogDocMergePolicy())
        .setMergeScheduler(new SerialMergeScheduler())
        .setUseCompoundFile(false);
  }

  static TextStore open(Path folder) throws IOException {
    Directory directory = new MMapDirectory(folder);
    try {
      return new TextStore(directory, DirectoryReader.open(directory));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  int size() {
    return reader.numDocs();
  }

  /** The number of the first text with that id, or {@link #NONE}. */
  int find(String id) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      PostingsEnum postings = leaf.reader().postings(new Term(ID, id), PostingsEnum.NONE);
      int found = postings == null ? DocIdSetIterator.NO_MORE_DOCS : postings.nextDoc();
      if (found != DocIdSetIterator.NO_MORE_DOCS) {
        return leaf.docBase + found;
      }
    }
    return NONE;
  }

  /** Reads some texts, on one thread. */
  Lookup lookup() throws IOException {
    StoredFields fields = reader.storedFields();
    return number -> {
      Document document = fields.document(number, FIELDS);
      return new TextFile.Text(document.get(ID), document.get(TEXT));
    };
  }

  /** Reads the text of a number. */
  interface Lookup {
    TextFile.Text text(int number) throws IOException;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
