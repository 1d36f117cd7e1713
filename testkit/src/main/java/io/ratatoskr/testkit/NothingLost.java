package io.ratatoskr.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every request has at least one terminal reply, be it a typed error, and there is none that nobody
 * asked for.
 *
 * <p>Valid:
 *
 * <ul>
 *   <li>request a, request b, reply b, reply a
 *   <li>request a, reply a, reply a: delivery is at least once
 *   <li>reply a, request a: the reply was read before the request's ack
 * </ul>
 *
 * <p>Invalid:
 *
 * <ul>
 *   <li>request a, request b, reply a: b is lost
 *   <li>request a, reply a, reply x: nobody asked for x
 * </ul>
 */
public final class NothingLost<P> implements Guarantee<P> {
  private final Set<String> requested = new LinkedHashSet<>();
  private final Set<String> replied = new HashSet<>();

  @Override
  public synchronized void requested(String requestId) {
    requested.add(requestId);
  }

  @Override
  public synchronized void replied(Reply<P> reply) {
    replied.add(reply.requestId());
  }

  /**
   * How many requests still wait for their first terminal reply: 0 when a test may stop waiting.
   */
  public synchronized int unanswered() {
    return (int) requested.stream().filter(id -> !replied.contains(id)).count();
  }

  @Override
  public synchronized List<String> violations() {
    List<String> violations = new ArrayList<>();
    requested.stream()
        .filter(id -> !replied.contains(id))
        .map(id -> id + " has no terminal reply")
        .forEach(violations::add);
    replied.stream()
        .filter(id -> !requested.contains(id))
        .sorted()
        .map(id -> id + " has a terminal reply and was never requested")
        .forEach(violations::add);
    return violations;
  }
}
