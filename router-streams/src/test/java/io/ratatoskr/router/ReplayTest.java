package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one replay rule: kills between any two of store write, send and commit. */
class ReplayTest {
  private static final Request REQUEST = Request.of(1, "x").within(Duration.ofMinutes(5));

  @Test
  void lostWorkIsSentAgainWithItsPayload() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.crash();

      rig.send(REQUEST);
      List<WorkItem> work = rig.work();
      assertThat(work).hasSize(1);
      assertThat(work.getFirst().getAttempt()).isEqualTo(1);
      assertThat(work.getFirst().getPayload()).isNotNull();
      rig.report(REQUEST, work.getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void replayWritesAgainWhatTheChangelogMayLack() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, Requests.answered("v"));
      rig.crash();
      rig.logged(Lane.INTERACTIVE);

      rig.send(REQUEST);
      assertThat(rig.logged(Lane.INTERACTIVE)).endsWith('W', 'A', 'F');
      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.logged(Lane.INTERACTIVE)).containsExactly('A', 'F');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"W", "WA", "A", ""})
  void halfWrittenFlightIsOpenedAnew(String survivors) {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.crash(Duration.ofSeconds(2), key -> survivors.indexOf((char) key.get()[0]) >= 0);

      rig.send(REQUEST);
      List<WorkItem> work = rig.work();
      assertThat(work).hasSize(1);
      rig.report(REQUEST, work.getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
      rig.pass(Duration.ofMinutes(20));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void lostReplyIsSentAgainFromTheReplayedResultAlone() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, Requests.answered("v"));
      rig.crash();

      rig.send(REQUEST);
      assertThat(rig.work()).isEmpty();
      assertThat(rig.replies()).isEmpty();
      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void lostFailureIsSentAgain() {
    try (Rig rig = new Rig(Map.of("retry.max-attempts", "1"))) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      Object failure = Requests.retryable(InferenceError.http("reset"));
      rig.report(REQUEST, work, failure);
      rig.crash();

      rig.send(REQUEST);
      rig.report(REQUEST, work, failure);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Http");
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void lostRetryOfAnAlarmIsSentAgainInTheNextIncarnationOnce() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      Object failure = Requests.retryable(InferenceError.http("reset"));
      rig.report(REQUEST, work, failure);
      rig.pass(Duration.ofSeconds(1));
      rig.crash();

      rig.send(REQUEST);
      rig.report(REQUEST, work, failure);
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(11));
      assertThat(rig.work()).extracting(WorkItem::getAttempt).containsExactly(2);
      rig.pass(Duration.ofSeconds(40));
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void retryOfAnAlarmIsNotRepeatedInItsOwnIncarnation() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.retryable(InferenceError.http("reset")));
      rig.pass(Duration.ofSeconds(40));
      assertThat(rig.work()).extracting(WorkItem::getAttempt).containsExactly(2);
    }
  }

  @Test
  void lostExpiryIsToldAgainInTheNextIncarnationOnce() {
    try (Rig rig = new Rig()) {
      Request request = REQUEST.within(Duration.ofSeconds(5));
      rig.send(request);
      rig.pass(Duration.ofSeconds(6));
      rig.crash();

      rig.send(request);
      rig.pass(Duration.ofSeconds(15));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Expired");
      rig.pass(Duration.ofMinutes(30));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void requestSentAgainJoinsItself() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.send(REQUEST);
      List<WorkItem> work = rig.work();
      assertThat(work).hasSize(1);
      rig.report(REQUEST, work.getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void secondResultIsDropped() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, Requests.answered("first"));
      rig.report(REQUEST, work, Requests.answered("second"));
      rig.report(REQUEST, work, Requests.rejected(InferenceError.invalidInput("no")));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("first");
    }
  }

  @Test
  void generationsReplayEachOnItsOwn() {
    try (Rig rig = new Rig()) {
      Request first = Request.of(1, "same").cached();
      Request second = Request.of(2, "same").cached();
      rig.send(first);
      WorkItem work = rig.work().getFirst();
      rig.report(first, work, Requests.answered("one"));
      rig.send(second);
      rig.crash();

      rig.send(first);
      rig.report(first, work, Requests.answered("one"));
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(first.id());
      rig.send(second);
      List<WorkItem> again = rig.work();
      assertThat(again).extracting(WorkItem::getGeneration).containsExactly(2);
      rig.report(second, again.getFirst(), Requests.answered("two"));
      replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(second.id());
      rig.pass(Duration.ofMinutes(21));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void requestThatWasRefusedIsRefusedAgain() {
    try (Rig rig = new Rig(Map.of("limits.flight-waiters", "1"))) {
      Request first = Request.of(1, "same").cached();
      Request refused = Request.of(2, "same").cached();
      rig.send(first);
      rig.send(refused);
      rig.send(first);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Overloaded");
      rig.crash();

      rig.send(first);
      rig.send(refused);
      rig.send(first);
      assertThat(rig.replies()).extracting(Told::id).containsExactly(refused.id());
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void graceCountsRunningTimeOnly() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, Requests.answered("v"));
      rig.crash(Duration.ofHours(3), key -> true);

      rig.pass(Duration.ofMinutes(9));
      rig.send(REQUEST);
      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
      rig.pass(Duration.ofMinutes(15));
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }
}
