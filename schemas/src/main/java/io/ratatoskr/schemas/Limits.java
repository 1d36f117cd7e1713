package io.ratatoskr.schemas;

/** Sizes that client, router, workers and topics agree on. */
public final class Limits {
  /** Largest request value, in bytes. */
  public static final int REQUEST_BYTES = 768 * 1024;

  /** Largest reply payload, in bytes. */
  public static final int REPLY_BYTES = 3 * 1024 * 1024;

  /** Topics' {@code max.message.bytes} and producers' {@code max.request.size}. */
  public static final int MESSAGE_BYTES = 4 * 1024 * 1024;

  /** Most items in one request. */
  public static final int ITEMS = 256;

  /** Most pairs of premise and hypothesis in one record, so that a request spreads over a pool. */
  public static final int PAIRS = 32;

  /** Most pairs that the texts and labels of one record make, unless one text makes more. */
  public static final int LABEL_PAIRS = 64;

  /** Most labels in one request. */
  public static final int LABELS = 1024;

  private Limits() {}

  /**
   * Most texts in one record that asks for labels: as many as make {@link #LABEL_PAIRS} pairs, and
   * one at least.
   *
   * @param labels 1 or more
   */
  public static int labelledItems(int labels) {
    return Math.max(1, LABEL_PAIRS / labels);
  }
}
