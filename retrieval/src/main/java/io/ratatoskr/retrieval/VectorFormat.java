package io.ratatoskr.retrieval;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's format for vectors, under its own name, so that Lucene itself reads what was written:
 * without a graph where vectors are scanned, and with more dimensions than Lucene's 1,024.
 */
final class VectorFormat extends KnnVectorsFormat {
  /** Fewest candidates that a search through the graph keeps. */
  static final int SEARCH_CANDIDATES = 200;

  private static final String NAME = "Lucene99HnswVectorsFormat";
  private static final int DIMENSIONS = 8192;

  /** Neighbours of a node, and candidates for them when it is added: Lucene's own defaults. */
  private static final int NEIGHBOURS = Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;

  private static final int BUILD_CANDIDATES = Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;

  private final Lucene99HnswVectorsFormat format;

  VectorFormat(IndexKind kind) {
    super(NAME);
    // A segment smaller than the last argument gets no graph.
    this.format =
        new Lucene99HnswVectorsFormat(
            NEIGHBOURS,
            BUILD_CANDIDATES,
            Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
            null,
            kind == IndexKind.HNSW ? 0 : Integer.MAX_VALUE);
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return format.fieldsWriter(state);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return format.fieldsReader(state);
  }

  @Override
  public int getMaxDimensions(String field) {
    return DIMENSIONS;
  }
}
