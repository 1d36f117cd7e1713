package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration NOW = Duration.ZERO;

  @Test
  void await_aLoneQueue_hasEveryPlace() throws InterruptedException {
    Turns turns = new Turns(2);
    try (Turns.Seat one = turns.seat("");
        Turns.Seat other = turns.seat("")) {
      assertThat(one.await(NOW)).isTrue();
      assertThat(other.await(NOW)).isTrue();
      assertThat(turns.anyFree()).isFalse();
      one.served(10_000, true);

      assertThat(one.isInLine()).isTrue();
      assertThat(one.await(NOW)).isTrue();
    }
    assertThat(turns.awaitFree(NOW)).isTrue();
  }

  @Test
  void await_afterALargeBatch_waitsWhileAnotherQueueIsInLine() throws InterruptedException {
    Turns turns = new Turns(1);
    turns.weight("acme", 4);
    try (Turns.Seat backlog = turns.seat("");
        Turns.Seat acme = turns.seat("acme")) {
      assertThat(backlog.await(NOW)).isTrue();
      assertThat(acme.await(NOW)).as("the place is taken").isFalse();
      backlog.served(40, true);

      assertThat(backlog.await(NOW)).isFalse();
      for (int batch = 0; batch < 4; batch++) {
        assertThat(acme.await(NOW)).isTrue();
        acme.served(40, true);
      }
      assertThat(acme.await(NOW)).isFalse();
      assertThat(backlog.await(NOW)).isTrue();
    }
  }

  @Test
  void rest_letsTheOthersGoOnAtOnce() throws InterruptedException {
    Turns turns = new Turns(1);
    try (Turns.Seat backlog = turns.seat("");
        Turns.Seat acme = turns.seat("acme")) {
      assertThat(backlog.await(NOW)).isTrue();
      assertThat(acme.await(NOW)).isFalse();
      backlog.served(40, true);
      assertThat(backlog.await(NOW)).isFalse();
      acme.rest();

      assertThat(backlog.await(NOW)).isTrue();
    }
  }

  @Test
  void force_whatIsHeldTooLong_runsWithoutAFreePlace() throws InterruptedException {
    Turns turns = new Turns(1);
    try (Turns.Seat one = turns.seat("");
        Turns.Seat other = turns.seat("acme")) {
      assertThat(one.await(NOW)).isTrue();
      other.force();
      assertThat(other.isPlaced()).isTrue();
      other.served(1, false);
      one.served(1, false);

      assertThat(turns.awaitFree(NOW)).isTrue();
    }
  }

  @Test
  void take_callsOfTwoQueues_sharePlacesByWeight() {
    Turns turns = new Turns(8);
    turns.weight("acme", 3);
    try (Turns.Seat backlog = turns.seat("");
        Turns.Seat acme = turns.seat("acme")) {
      assertThat(backlog.take(100)).as("nobody else is there").isEqualTo(8);
      int mine = 0;
      int theirs = 0;
      for (int call = 0; call < 400; call++) {
        assertThat(backlog.take(100) + acme.take(100)).as("no place is free").isZero();
        turns.release(1);
        mine += acme.take(100);
        theirs += backlog.take(100);
      }

      assertThat(mine + theirs).isEqualTo(400);
      assertThat(mine).isBetween(290, 310);
    }
  }

  @Test
  void giveBack_placesThatAreNotNeeded_areFreeAndNotPaidFor() throws InterruptedException {
    Turns turns = new Turns(4);
    try (Turns.Seat seat = turns.seat("")) {
      assertThat(seat.take(4)).isEqualTo(4);
      seat.giveBack(3);
      assertThat(turns.awaitFree(NOW)).isFalse();
      turns.release(1);

      assertThat(turns.awaitFree(NOW)).isTrue();
    }
  }
}
