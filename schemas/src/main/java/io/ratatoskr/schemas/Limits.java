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

  private Limits() {}
}
