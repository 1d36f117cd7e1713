package io.ratatoskr.router;

import io.ratatoskr.schemas.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The terminal replies of a {@link FlightWorld}, in two inboxes. */
final class FlightReplies {
  private static final int INBOXES = 2;

  /** A terminal reply. */
  record Told(RequestId to, String says) {}

  private final List<List<Told>> inboxes = List.of(new ArrayList<>(), new ArrayList<>());

  /** The id of a request, which says its inbox. */
  static RequestId id(int number) {
    return new RequestId(new UUID(number % INBOXES, number));
  }

  static int inbox(RequestId id) {
    return (int) id.value().getMostSignificantBits();
  }

  void tell(RequestId id, String says) {
    inboxes.get(inbox(id)).add(new Told(id, says));
  }

  /** All replies to a request, the first by offset first. */
  List<String> to(RequestId id) {
    return inboxes.get(inbox(id)).stream()
        .filter(told -> told.to().equals(id))
        .map(Told::says)
        .toList();
  }

  List<Integer> sizes() {
    return inboxes.stream().map(List::size).toList();
  }

  /** Of each inbox any beginning is left. */
  void cut(List<Integer> from, int pick) {
    for (int i = 0; i < INBOXES; i++) {
      List<Told> all = inboxes.get(i);
      int left = from.get(i) + pick / (1 + 6 * i) % (all.size() - from.get(i) + 1);
      all.subList(left, all.size()).clear();
    }
  }

  @Override
  public String toString() {
    return inboxes.toString();
  }
}
