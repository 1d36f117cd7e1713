package io.ratatoskr.retrieval;

/** The kinds of index, by how they find the nearest texts. */
public enum IndexKind {
  /** Exact up to a size where a scan still costs less than judging its candidates, HNSW above. */
  AUTO,
  /** A scan over all vectors: exact, in time proportional to their number. */
  EXACT,
  /**
   * A graph of near neighbours: misses few, in time that hardly grows with the corpus. Malkov and
   * Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
   * Navigable Small World graphs", 2018.
   */
  HNSW;

  /**
   * Up to this many texts {@link #AUTO} scans: 26 ms with 384 dimensions, a twentieth of what
   * judging 100 candidates takes on two cores, and an index in 7 s where a graph takes 108 s.
   */
  static final int SCAN_TEXTS = 100_000;

  /** The kind for a corpus of that size; never {@link #AUTO}. */
  IndexKind forSize(int texts) {
    return switch (this) {
      case AUTO -> texts > SCAN_TEXTS ? HNSW : EXACT;
      case EXACT, HNSW -> this;
    };
  }
}
