package io.ratatoskr.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Decides whose call goes next to a server that holds few models at once and has to load one
 * whenever another is asked for. Pure but for its own counts; not thread-safe.
 *
 * <p>A model has a <em>turn</em> while the server holds it. As many models have one as the server
 * holds; calls of others wait, in the order in which they came. A turn passes to the model that has
 * waited longest once no call of it is under way, and it has no more calls or is spent: {@link
 * #CALLS} of them have begun, or {@link #LONGEST} have passed. Nothing waits longer than the turns
 * before its own, and nothing is loaded more often than once in a turn.
 */
final class ModelTurns {
  /** Calls of one model that begin while another waits. */
  static final int CALLS = 16;

  /** The time after which a turn is spent while another model waits. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final int models;
  private final int calls;
  private final Map<String, Deque<Waiting>> waiting = new LinkedHashMap<>();
  private final Map<String, Turn> turns = new LinkedHashMap<>();
  private int running;
  private long arrivals;

  /** A call that waits. */
  record Waiting(String model, long number) {}

  private static final class Turn {
    private final long sinceNanos;
    private int begun;
    private int running;

    Turn(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }

    boolean isSpent(long nowNanos) {
      return begun >= CALLS || nowNanos - sinceNanos >= LONGEST.toNanos();
    }
  }

  /**
   * No model has a turn yet.
   *
   * @param models most models that have a turn; positive
   * @param calls most calls under way; positive
   */
  ModelTurns(int models, int calls) {
    this.models = models;
    this.calls = calls;
  }

  /** A call comes and waits; {@link #begins} or {@link #leaves} must follow. */
  Waiting arrives(String model) {
    Waiting call = new Waiting(model, arrivals++);
    waiting.computeIfAbsent(model, key -> new ArrayDeque<>()).add(call);
    return call;
  }

  /** A call that waits is given up. */
  void leaves(Waiting call) {
    Deque<Waiting> own = waiting.get(call.model());
    if (own != null && own.remove(call) && own.isEmpty()) {
      waiting.remove(call.model());
    }
  }

  /** Whether a call that waits may begin now; if so, {@link #ends} must follow. */
  boolean begins(Waiting call, long nowNanos) {
    Deque<Waiting> own = waiting.get(call.model());
    if (own == null || !call.equals(own.peek()) || running >= calls) {
      return false;
    }
    Turn turn = turns.get(call.model());
    if (turn == null) {
      if (!isNext(call) || !makesRoom(nowNanos)) {
        return false;
      }
      turn = new Turn(nowNanos);
      turns.put(call.model(), turn);
    } else if (turn.isSpent(nowNanos) && somebodyWaits()) {
      return false;
    }
    leaves(call);
    turn.begun++;
    turn.running++;
    running++;
    return true;
  }

  /** Whether a model waits that has no turn. */
  private boolean somebodyWaits() {
    return waiting.keySet().stream().anyMatch(model -> !turns.containsKey(model));
  }

  /** Whether it has waited longest of those whose models have no turn. */
  private boolean isNext(Waiting call) {
    return waiting.entrySet().stream()
        .filter(each -> !turns.containsKey(each.getKey()))
        .allMatch(each -> each.getValue().getFirst().number() >= call.number());
  }

  /** Where all turns are taken, takes one from a model that is done with it, the eldest first. */
  private boolean makesRoom(long nowNanos) {
    if (turns.size() < models) {
      return true;
    }
    for (Map.Entry<String, Turn> each : turns.entrySet()) {
      boolean idle = each.getValue().running == 0;
      if (idle && (!waiting.containsKey(each.getKey()) || each.getValue().isSpent(nowNanos))) {
        turns.remove(each.getKey());
        return true;
      }
    }
    return false;
  }

  /** A call of that model is over. */
  void ends(String model) {
    running--;
    Objects.requireNonNull(turns.get(model), model).running--;
  }
}
