package io.ratatoskr.schemas;

/**
 * Where a client reads its replies: a partition of its domain's reply topic, and an id that tells
 * it from the other readers of that partition.
 *
 * @param partition 0 or more; whether it exists is the router's to check
 * @param id 1 to 64 characters without spaces
 */
public record Inbox(int partition, String id) {
  public Inbox {
    if (partition < 0) {
      throw new IllegalArgumentException("inbox: partition " + partition + " is negative");
    }
    if (id.isEmpty() || id.length() > 64 || id.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("inbox: id must be 1 to 64 printable ASCII characters");
    }
  }

  /** The value of the {@code inbox} header: {@code partition:id}. */
  public String headerValue() {
    return partition + ":" + id;
  }

  static Inbox parse(String value) {
    int colon = value.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("inbox: '" + value + "' is not partition:id");
    }
    try {
      return new Inbox(Integer.parseInt(value, 0, colon, 10), value.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("inbox: '" + value + "' does not start with a number", e);
    }
  }
}
