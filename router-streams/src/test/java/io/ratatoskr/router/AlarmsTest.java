package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private static final Request REQUEST = Request.of(1, "x").within(Duration.ofHours(1));

  @Test
  void workOfALostWorkerIsSentAgainAndItsSecondLossEndsTheFlight() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), "w1", "x1", Requests.started());
      rig.pass(Duration.ofSeconds(5));
      assertThat(rig.work()).isEmpty();

      rig.catalog.gone.add("w1");
      rig.pass(Duration.ofSeconds(3));
      List<WorkItem> again = rig.work();
      assertThat(again).extracting(WorkItem::getCrashes).containsExactly(1);
      assertThat(again.getFirst().getPayload()).isNull();

      rig.report(REQUEST, again.getFirst(), "w2", "x2", Requests.started());
      rig.catalog.gone.add("w2");
      rig.pass(Duration.ofSeconds(3));
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("WorkerCrashed");
      assertThat(replies.getFirst().error().getDetails()).containsEntry("crashes", "2");
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void lastWorkerToStartIsTheOneThatCounts() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, "w1", "x1", Requests.started());
      rig.report(REQUEST, work, "w2", "x2", Requests.started());
      rig.catalog.gone.add("w1");
      rig.report(REQUEST, work, "w1", "x1", Requests.retryable(InferenceError.http("stopped")));
      rig.pass(Duration.ofSeconds(10));
      assertThat(rig.work()).isEmpty();
      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void executionOverItsBudgetIsTriedAgain() {
    try (Rig rig = new Rig(Map.of("limits.execution-budget", "PT10S"))) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), "w1", "x1", Requests.started());
      rig.pass(Duration.ofSeconds(14));
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(3));
      assertThat(rig.work()).extracting(WorkItem::getAttempt).containsExactly(2);
    }
  }

  @Test
  void vanishedWorkIsCountedAndSentAgain() {
    try (Rig rig = new Rig(Map.of("lanes.bulk.queue-limit", "PT1M"))) {
      Request request = REQUEST.bulk();
      rig.send(request);
      rig.work();
      rig.pass(Duration.ofSeconds(124));
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(3));
      assertThat(rig.work()).extracting(WorkItem::getAttempt).containsExactly(2);
      assertThat(rig.count(RouterMetrics.Meter.VANISHED)).isEqualTo(1);
    }
  }

  private static final String SPACE = "space";

  /** Two pools that serve vectors of one space. */
  private static Rig twoPools() {
    List<WorkerPool> pools =
        Stream.of("first", "spare")
            .map(name ->
                new WorkerPool(
                    name,
                    Set.of(Capability.EMBED),
                    WorkerPool.Taking.SHARED,
                    Duration.ofSeconds(60),
                    Location.LOCAL))
            .toList();
    Rig rig = new Rig(Map.of(), new Pools(pools));
    pools.forEach(pool -> heard(rig, pool.name(), 1));
    return rig;
  }

  private static void heard(Rig rig, String pool, int alive) {
    Set<String> models = Set.of(Requests.MODEL);
    rig.catalog.pools.put(
        pool,
        new CatalogSnapshot.Pool(
            alive, models, alive > 0 ? models : Set.of(), Map.of(), Map.of(Requests.MODEL, SPACE)));
    rig.catalog.gone.add("w3"); // so long followed that the dead are known
  }

  @Test
  void queuedWorkOfAPoolWhoseWorkersAreGone_goesToThePoolThatIsReady() {
    try (Rig rig = twoPools()) {
      rig.send(REQUEST);
      assertThat(rig.work()).extracting(WorkItem::getLink).containsExactly(0);
      rig.pass(Duration.ofSeconds(6));
      assertThat(rig.work()).isEmpty();

      heard(rig, "first", 0);
      rig.pass(Duration.ofSeconds(6));
      WorkItem again = rig.work().getFirst();
      assertThat(again.getLink()).isEqualTo(1);
      assertThat(again.getPayload()).isNull();
      assertThat(rig.count(RouterMetrics.Meter.HANDED_OVER)).isEqualTo(1);

      rig.report(REQUEST, again, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void queuedWorkOfAPoolWhoseWorkersAreGone_staysWhereNoOtherIsReady() {
    try (Rig rig = twoPools()) {
      rig.send(REQUEST);
      heard(rig, "first", 0);
      heard(rig, "spare", 0);
      WorkItem work = rig.work().getFirst();
      rig.pass(Duration.ofSeconds(20));
      assertThat(rig.work()).isEmpty();

      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void parkedAndBulkWork_isHandedOverToo() {
    try (Rig rig = twoPools()) {
      Request bulk = Request.of(2, "later").within(Duration.ofHours(1)).bulk();
      rig.send(bulk);
      rig.send(REQUEST);
      List<WorkItem> work = rig.work();
      rig.report(REQUEST, work.getFirst(), Requests.loading());
      heard(rig, "first", 0);
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.work()).extracting(WorkItem::getLink).containsExactly(1);

      rig.pass(Duration.ofSeconds(60));
      assertThat(rig.work()).extracting(WorkItem::getLink).contains(1);
    }
  }

  @Test
  void loadingModelCostsNoAttempt() {
    try (Rig rig = new Rig(Map.of("retry.max-attempts", "1"))) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.loading());
      rig.pass(Duration.ofSeconds(20));
      assertThat(rig.work()).isEmpty();

      rig.catalog.pools.put(
          "embed",
          new CatalogSnapshot.Pool(1, Set.of(Requests.MODEL), Set.of(Requests.MODEL), Map.of()));
      rig.pass(Duration.ofSeconds(1));
      WorkItem again = rig.work().getFirst();
      rig.report(REQUEST, again, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void alarmsAreSilentUntilResultsHaveBeenRead() {
    try (Rig rig = new Rig()) {
      rig.directory.progress = null;
      rig.send(REQUEST.within(Duration.ofSeconds(1)));
      rig.pass(Duration.ofSeconds(4));
      assertThat(rig.replies()).isEmpty();
      rig.directory.progress = new TopicDirectory.Progress(7, 6);
      rig.pass(Duration.ofSeconds(1));
      assertThat(rig.replies()).isEmpty();
      rig.directory.progress = new TopicDirectory.Progress(7, 7);
      rig.pass(Duration.ofSeconds(1));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Expired");
    }
  }

  @Test
  void answerInHandBeatsAPassedDeadline() {
    try (Rig rig = new Rig()) {
      rig.directory.progress = null;
      Request request = REQUEST.within(Duration.ofSeconds(1));
      rig.send(request);
      WorkItem work = rig.work().getFirst();
      rig.pass(Duration.ofSeconds(4));
      rig.report(request, work, Requests.answered("v"));
      rig.directory.progress = new TopicDirectory.Progress(1, 0);
      rig.pass(Duration.ofSeconds(30));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void lateAnswerOfAnEarlierAttemptCountsAndItsLateFailureDoesNot() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem first = rig.work().getFirst();
      rig.report(REQUEST, first, Requests.retryable(InferenceError.http("reset")));
      rig.pass(Duration.ofSeconds(1));
      assertThat(rig.work()).hasSize(1);
      rig.report(REQUEST, first, Requests.rejected(InferenceError.invalidInput("late")));
      assertThat(rig.replies()).isEmpty();
      rig.report(REQUEST, first, Requests.answered("late"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("late");
    }
  }

  @Test
  void waitersExpireOneByOne() {
    try (Rig rig = new Rig()) {
      Request brief = Request.of(1, "same").cached().within(Duration.ofSeconds(5));
      Request patient = Request.of(2, "same").cached().within(Duration.ofSeconds(60));
      rig.send(brief);
      rig.send(patient);
      WorkItem work = rig.work().getFirst();
      rig.pass(Duration.ofSeconds(6));
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(brief.id());
      assertThat(replies).extracting(Told::outcome).containsExactly("Expired");

      // The work was as old as the first request; the second one still waits.
      rig.report(patient, work, Requests.rejected(InferenceError.expired("the deadline passed")));
      assertThat(rig.replies()).isEmpty();
      rig.pass(Duration.ofSeconds(2));
      WorkItem again = rig.work().getFirst();
      assertThat(again.getDeadlineMs()).isEqualTo(Rig.START.plusSeconds(60).toEpochMilli());
      rig.report(patient, again, Requests.answered("v"));
      replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(patient.id());
      assertThat(replies).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void retryAfterIsObeyed_alsoBeyondTheLongestPause() {
    try (Rig rig = new Rig()) {
      Request patient = REQUEST.within(Duration.ofMinutes(10));
      rig.send(patient);
      rig.report(patient, rig.work().getFirst(), rateLimited(Duration.ofMinutes(5)));
      rig.pass(Duration.ofSeconds(299));
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void retryAfterBeyondTheDeadlineIsToldAtOnce() {
    try (Rig rig = new Rig()) {
      Request request = REQUEST.within(Duration.ofSeconds(60));
      rig.send(request);
      rig.report(request, rig.work().getFirst(), rateLimited(Duration.ofSeconds(90)));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("RateLimited");
    }
  }

  private static Retryable rateLimited(Duration retryAfter) {
    return Requests.retryable(
        new InferenceError(ErrorCode.RATE_LIMITED, "slow down", Map.of(), retryAfter));
  }

  @Test
  void failureCloseToTheDeadlineIsToldAtOnce() {
    try (Rig rig = new Rig()) {
      Request request = REQUEST.within(Duration.ofSeconds(2));
      rig.send(request);
      rig.pass(Duration.ofMillis(1900));
      rig.report(request, rig.work().getFirst(), Requests.retryable(InferenceError.http("reset")));
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("Http");
      ErrorRecord error = replies.getFirst().error();
      assertThat(error.getMessage()).isEqualTo("reset");
    }
  }

  @Test
  void manyDueAlarmsAreHandledABoundedNumberAtOnce() {
    try (Rig rig = new Rig()) {
      for (int i = 0; i < 2_500; i++) {
        rig.send(Request.of(i, "t" + i).within(Duration.ofSeconds(1)));
      }
      rig.pass(Duration.ofSeconds(1));
      int first = rig.replies().size();
      assertThat(first).isLessThanOrEqualTo(1_000);
      rig.pass(Duration.ofSeconds(5));
      assertThat(first + rig.replies().size()).isEqualTo(2_500);
      rig.pass(Duration.ofMinutes(15));
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }
}
