package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTurnsTest {
  private ModelTurns turns = new ModelTurns(1, 100);
  private long now;

  private boolean begins(ModelTurns.Waiting call) {
    return turns.begins(call, now);
  }

  /** A call that comes and begins at once. */
  private void begun(String model) {
    assertThat(begins(turns.arrives(model))).isTrue();
  }

  @Test
  void modelThatIsHeld_isAskedMoreAtOnce_anotherOnceItsCallsAreOver() {
    begun("a");
    begun("a");
    ModelTurns.Waiting b = turns.arrives("b");
    assertThat(begins(b)).isFalse();
    begun("a");

    turns.ends("a");
    turns.ends("a");
    assertThat(begins(b)).isFalse();
    turns.ends("a");
    assertThat(begins(b)).isTrue();
    assertThat(begins(turns.arrives("a"))).isFalse();
  }

  @Test
  void spentTurn_passesOn_whereAnotherWaits_andLastsOtherwise() {
    for (int i = 0; i < ModelTurns.CALLS + 1; i++) {
      begun("a");
      turns.ends("a");
    }
    ModelTurns.Waiting a = turns.arrives("a");
    ModelTurns.Waiting b = turns.arrives("b");

    assertThat(begins(a)).isFalse();
    assertThat(begins(b)).isTrue();
    turns.ends("b");
    assertThat(begins(a)).isTrue();
  }

  @Test
  void turn_isSpentAfterItsTime() {
    begun("a");
    ModelTurns.Waiting b = turns.arrives("b");
    now = ModelTurns.LONGEST.minusNanos(1).toNanos();
    begun("a");
    now++;

    ModelTurns.Waiting late = turns.arrives("a");
    assertThat(begins(late)).isFalse();
    turns.ends("a");
    turns.ends("a");
    assertThat(begins(late)).isFalse();
    assertThat(begins(b)).isTrue();
  }

  @Test
  void models_haveTheirTurnsInTheOrderInWhichTheyCame() {
    begun("a");
    ModelTurns.Waiting c = turns.arrives("c");
    ModelTurns.Waiting b = turns.arrives("b");
    turns.ends("a");

    assertThat(begins(b)).isFalse();
    assertThat(begins(c)).isTrue();
    turns.ends("c");
    assertThat(begins(b)).isTrue();
  }

  @Test
  void callsOfAModel_beginInTheirOrder_andNoMoreAtOnceThanAllowed() {
    turns = new ModelTurns(1, 2);
    ModelTurns.Waiting first = turns.arrives("a");
    ModelTurns.Waiting second = turns.arrives("a");
    ModelTurns.Waiting third = turns.arrives("a");

    assertThat(begins(second)).isFalse();
    assertThat(begins(first)).isTrue();
    assertThat(begins(second)).isTrue();
    assertThat(begins(third)).isFalse();
    turns.ends("a");
    assertThat(begins(third)).isTrue();
  }

  @Test
  void callThatIsGivenUp_holdsUpNobody() {
    begun("a");
    ModelTurns.Waiting b = turns.arrives("b");
    ModelTurns.Waiting c = turns.arrives("c");
    turns.leaves(b);
    turns.ends("a");

    assertThat(begins(b)).isFalse();
    assertThat(begins(c)).isTrue();
  }

  @Test
  void serverThatHoldsTwo_isAskedForBothAtOnce() {
    turns = new ModelTurns(2, 100);
    begun("a");
    begun("b");
    ModelTurns.Waiting c = turns.arrives("c");
    assertThat(begins(c)).isFalse();

    turns.ends("b");
    assertThat(begins(c)).isTrue();
    begun("a");
    assertThat(begins(turns.arrives("b"))).isFalse();
  }

  @Test
  void twoModels_thatAlternate_changeOncePerTurn() {
    List<ModelTurns.Waiting> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(turns.arrives(i % 2 == 0 ? "a" : "b"));
    }
    List<String> asked = new ArrayList<>();
    while (!waiting.isEmpty()) {
      now += Duration.ofSeconds(1).toNanos();
      for (ModelTurns.Waiting call : List.copyOf(waiting)) {
        if (begins(call)) {
          waiting.remove(call);
          asked.add(call.model());
          turns.ends(call.model());
        }
      }
    }

    long loads = 1;
    for (int i = 1; i < asked.size(); i++) {
      loads += asked.get(i).equals(asked.get(i - 1)) ? 0 : 1;
    }
    assertThat(asked).hasSize(100);
    assertThat(loads).isLessThanOrEqualTo(10);
  }
}
