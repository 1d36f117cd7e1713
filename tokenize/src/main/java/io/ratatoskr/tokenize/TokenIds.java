package io.ratatoskr.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;

/** A text, or a pair of texts, as a model takes it. */
public final class TokenIds {
  private final long[] ids;
  private final long[] typeIds;
  private final long[] special;
  private final long[] sequences;

  TokenIds(Encoding encoding) {
    this.ids = encoding.getIds();
    this.typeIds = encoding.getTypeIds();
    this.special = encoding.getSpecialTokenMask();
    this.sequences = encoding.getSequenceIds();
  }

  /** How many tokens there are, special ones included. */
  public int size() {
    return ids.length;
  }

  /** The numbers of the tokens in the vocabulary. */
  public long[] ids() {
    return ids.clone();
  }

  /** 0 for the first text and 1 for the second, where the model tells them apart. */
  public long[] typeIds() {
    return typeIds.clone();
  }

  /** Whether the tokenizer added this token, such as {@code [CLS]}. */
  public boolean special(int token) {
    return special[token] == 1;
  }

  /** Which text this token is of: 0, 1, or -1 for one that was added. */
  public int side(int token) {
    return Math.toIntExact(sequences[token]);
  }
}
