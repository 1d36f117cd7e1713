package io.ratatoskr.schemas;

/** Sizes that client, router, workers and topics agree on. */
public final class Limits {
  /** Largest request value, in bytes. */
  public static final int REQUEST_BYTES = 768 * 1024;

  /** Largest reply payload, in bytes. */
  public static final int REPLY_BYTES = 3 * 1024 * 1024;

  /** Topics' {@code max.message.bytes} and producers' {@code max.request.size}. */
  public static final int MESSAGE_BYTES = 4 * 1024 * 1024;

  /** Most items in one request of a client. */
  public static final int ITEMS = 256;

  /** Most pairs of premise and hypothesis in one record, so that a request spreads over a pool. */
  public static final int PAIRS = 32;

  /** Most pairs that the texts and labels of one record make, unless one text makes more. */
  private static final int LABEL_PAIRS = 64;

  /** Most labels in one request. */
  public static final int LABELS = 1024;

  private Limits() {}

  /**
   * Most items in one record of a capability. Clients cut to it, and workers refuse more, which
   * would hold the record longer than its lock. Of {@link Capability#CLASSIFY} it is less where
   * there are many labels, see {@link #labelledItems}.
   */
  public static int recordItems(Capability capability) {
    return capability.recordItems();
  }

  /**
   * Most texts in one record of {@link Capability#CLASSIFY}: as many as make 64 pairs with the
   * labels, but one at least.
   *
   * @param labels 1 or more
   */
  public static int labelledItems(int labels) {
    return Math.max(1, Math.min(recordItems(Capability.CLASSIFY), LABEL_PAIRS / labels));
  }
}
