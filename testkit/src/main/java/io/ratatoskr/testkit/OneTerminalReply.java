package io.ratatoskr.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first terminal reply by offset is the answer, and the application gets it once. Delivery on
 * the wire is at least once, so later replies are no fault as long as nobody sees them; {@link
 * #withEqualDuplicates()} also asks that they say the same.
 *
 * <p>Valid:
 *
 * <ul>
 *   <li>reply a@5 "x", delivered a "x"
 *   <li>reply a@5 "x", reply a@9 "x", delivered a "x"
 *   <li>reply a@9 "y", reply a@5 "x", delivered a "x": told in another order, offset decides; the
 *       later "y" must be equal only with {@code withEqualDuplicates}
 *   <li>reply a@5 "x", and nothing delivered: {@link NothingLost} and the test's own rows judge
 *       that
 * </ul>
 *
 * <p>Invalid:
 *
 * <ul>
 *   <li>reply a@5 "x", delivered a "x", delivered a "x": twice
 *   <li>reply a@5 "x", reply a@9 "y", delivered a "y": not the first
 *   <li>delivered a "x" without a reply: out of thin air
 *   <li>reply a@5 "x", reply a@9 "y" with {@code withEqualDuplicates}
 * </ul>
 */
public final class OneTerminalReply<P> implements Guarantee<P> {
  private final boolean equalDuplicates;
  private final Map<String, List<Reply<P>>> replies = new HashMap<>();
  private final Map<String, List<P>> deliveries = new HashMap<>();

  private OneTerminalReply(boolean equalDuplicates) {
    this.equalDuplicates = equalDuplicates;
  }

  /** Later replies may say anything, as when a retry was answered by another worker. */
  public static <P> OneTerminalReply<P> ignoringLater() {
    return new OneTerminalReply<>(false);
  }

  /** Later replies must equal the first, as where they come from a replay alone. */
  public static <P> OneTerminalReply<P> withEqualDuplicates() {
    return new OneTerminalReply<>(true);
  }

  @Override
  public synchronized void replied(Reply<P> reply) {
    replies.computeIfAbsent(reply.requestId(), id -> new ArrayList<>()).add(reply);
  }

  @Override
  public synchronized void delivered(String requestId, P payload) {
    deliveries.computeIfAbsent(requestId, id -> new ArrayList<>()).add(payload);
  }

  @Override
  public synchronized List<String> violations() {
    List<String> violations = new ArrayList<>();
    deliveries.forEach((id, delivered) -> judgeDeliveries(id, delivered, violations));
    if (equalDuplicates) {
      replies.forEach((id, all) -> judgeDuplicates(id, all, violations));
    }
    violations.sort(null);
    return violations;
  }

  private void judgeDeliveries(String id, List<P> delivered, List<String> violations) {
    if (delivered.size() > 1) {
      violations.add(id + " was delivered " + delivered.size() + " times");
    }
    List<Reply<P>> all = replies.getOrDefault(id, List.of());
    if (all.isEmpty()) {
      violations.add(id + " was delivered without a terminal reply");
      return;
    }
    Reply<P> first = first(all);
    for (P payload : delivered) {
      if (!first.payload().equals(payload)) {
        violations.add(
            id + " was delivered " + payload + ", its first reply is " + describe(first));
      }
    }
  }

  private static <P> void judgeDuplicates(String id, List<Reply<P>> all, List<String> violations) {
    Reply<P> first = first(all);
    for (Reply<P> reply : all) {
      if (!reply.payload().equals(first.payload())) {
        violations.add(id + " has " + describe(first) + " and then another, " + describe(reply));
      }
    }
  }

  private static <P> Reply<P> first(List<Reply<P>> replies) {
    return Collections.min(replies, Comparator.comparingLong(Reply<P>::offset));
  }

  private static String describe(Reply<?> reply) {
    return reply.payload() + " at offset " + reply.offset();
  }
}
