package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot.Pool;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What waits for its next attempt keeps to the circuit of its candidate. */
class LeftAloneTest {
  private static final InferenceError DOWN = InferenceError.http("the provider is down");
  private static final Request REQUEST = Request.of(1, "x").within(Duration.ofHours(1));
  private static final Pools TWO =
      new Pools(
          Stream.of("embed", "other")
              .map(name ->
                  new WorkerPool(
                      name,
                      Set.of(Capability.EMBED),
                      WorkerPool.Taking.SHARED,
                      Duration.ofSeconds(60),
                      Location.LOCAL))
              .toList());

  private static void stands(Rig rig, Circuit circuit, Duration askable, int permits) {
    long then = rig.now().plus(askable).toEpochMilli();
    Standing standing =
        new Standing(
            circuit,
            1,
            circuit == Circuit.OPEN ? then : 0,
            circuit == Circuit.OPEN ? 0 : then,
            1,
            0,
            0,
            0,
            circuit == Circuit.HALF_OPEN ? Map.of("rig", permits) : Map.of());
    rig.health.set(new HealthSnapshot(Map.of(new ModelOfPool("embed", Requests.MODEL), standing)));
  }

  private static void fail(Rig rig, Request request) {
    rig.send(request);
    rig.report(request, rig.work().getFirst(), Requests.retryable(DOWN));
  }

  @Test
  void nextAttemptWaitsUntilTheCircuitLetsItThrough() {
    try (Rig rig = new Rig()) {
      fail(rig, REQUEST);
      stands(rig, Circuit.OPEN, Duration.ofSeconds(20), 0);
      rig.pass(Duration.ofSeconds(19));
      assertThat(rig.work()).isEmpty();

      stands(rig, Circuit.HALF_OPEN, Duration.ZERO, 0);
      rig.pass(Duration.ofSeconds(5));
      assertThat(rig.work()).as("no permit").isEmpty();

      stands(rig, Circuit.HALF_OPEN, Duration.ZERO, 1);
      rig.pass(Duration.ofSeconds(4));
      assertThat(rig.work()).extracting(WorkItem::getAttempt).containsExactly(2);
    }
  }

  @Test
  void aPermitIsForOneOfThoseThatWait() {
    try (Rig rig = new Rig()) {
      Request second = Request.of(2, "y").within(Duration.ofHours(1));
      fail(rig, REQUEST);
      fail(rig, second);
      stands(rig, Circuit.HALF_OPEN, Duration.ZERO, 1);
      rig.pass(Duration.ofSeconds(10));
      assertThat(rig.work()).hasSize(1);
      stands(rig, Circuit.CLOSED, Duration.ZERO, 0);
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void rateLimitOfOthersHoldsForIt() {
    try (Rig rig = new Rig()) {
      fail(rig, REQUEST);
      stands(rig, Circuit.CLOSED, Duration.ofSeconds(8), 0);
      rig.pass(Duration.ofSeconds(7));
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(3));
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void pauseBeyondTheDeadline_endsItWithItsError() {
    try (Rig rig = new Rig()) {
      fail(rig, REQUEST.within(Duration.ofSeconds(10)));
      stands(rig, Circuit.OPEN, Duration.ofSeconds(30), 0);
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Http");
    }
  }

  @Test
  void anotherCandidateTakesOver() {
    try (Rig rig = new Rig(Map.of(), TWO)) {
      Pool serving =
          new Pool(
              1,
              Set.of(Requests.MODEL),
              Set.of(Requests.MODEL),
              Map.of(),
              Map.of(Requests.MODEL, "space"));
      rig.catalog.pools.put("embed", serving);
      rig.catalog.pools.put("other", serving);
      fail(rig, REQUEST);
      stands(rig, Circuit.OPEN, Duration.ofSeconds(20), 0);
      rig.pass(Duration.ofSeconds(2));
      List<WorkItem> work = rig.work();
      assertThat(work).extracting(WorkItem::getLink).containsExactly(1);
      rig.report(REQUEST, work.getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }
}
