package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What moreover holds for an engine that misbehaves when told to. */
abstract class HashQueueContract extends WorkQueueContract {

  HashQueueContract(WorkerConfig.QueueChoice queue) {
    super(new HashWork(), queue);
  }

  @Test
  void worker_engineThatMisbehaves_becomesOutcomesAndStopsNothing() {
    pool.send(Lane.INTERACTIVE, HashEngine.REFUSE, HashEngine.RETRY, HashEngine.THROW);
    pool.send(Lane.INTERACTIVE, "slow", pool.item(HashEngine.HANG).setBudgetMs(200).build());

    try (HashEngine engine = HashEngine.free();
        Worker _ = start(engine)) {
      pool.send(Lane.INTERACTIVE, "last");

      assertThat(rejection(HashEngine.REFUSE)).isEqualTo("InvalidInput");
      assertThat(retry(HashEngine.RETRY)).isEqualTo("Overloaded");
      assertThat(retry(HashEngine.THROW)).isEqualTo("Llm");
      assertThat(retry("slow")).isEqualTo("Llm");
      assertThat(pool.awaitOutcome("last")).isInstanceOf(Answered.class);
    }
  }

  @Test
  void worker_requestsReadOrTooLate_runsTheOnesAndNotTheOthers()
      throws ExecutionException, InterruptedException {
    long now = System.currentTimeMillis();
    Source source = pool.sendRequest("by source");
    pool.send(Lane.INTERACTIVE, "late", pool.item("late").setDeadlineMs(now - 1).build());
    pool.send(Lane.INTERACTIVE, "queued", pool.item("queued").setQueueUntilMs(now - 1).build());

    try (HashEngine engine = HashEngine.free();
        Worker _ = start(engine)) {
      assertThat(rejection("late")).isEqualTo("Expired");
      assertThat(retry("queued")).isEqualTo("Overloaded");
      assertThat(pool.awaitSettled("read", pool.item(source).build())).isInstanceOf(Answered.class);
      assertThat(engine.seen()).containsOnly("by source");
    }
  }

  @Test
  void worker_modelNotReady_takesNothingUntilItIs() {
    pool.send(Lane.INTERACTIVE, "early");
    try (HashEngine engine = HashEngine.free()) {
      engine.become(ServedModel.Readiness.LOADING);
      try (Worker _ = start(engine)) {
        TestPool.await().during(Duration.ofMillis(700)).until(() -> pool.results().isEmpty());
        engine.become(ServedModel.Readiness.READY);

        assertThat(pool.awaitOutcome("early")).isInstanceOf(Answered.class);
      }
    }
  }

  @Test
  void worker_suspectsAmongOthers_runsEachWithNothingBesideItOnAnyLane() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean suspect = i % 5 == 2;
      String name = (suspect ? HashEngine.ALONE : "together ") + i;
      names.add(name);
      Lane lane = i % 2 == 0 ? Lane.INTERACTIVE : Lane.BULK;
      pool.send(lane, name, pool.item(name).setCrashes(suspect ? 1 : 0).build());
    }

    try (HashEngine engine = new HashEngine(SchemaIds.derived(), 8, Duration.ofMillis(20), 4);
        Worker _ = start(engine)) {
      pool.awaitOutcomes(names);

      assertThat(engine.crowded()).isEmpty();
      assertThat(engine.seen()).hasSize(names.size());
    }
  }

  @Test
  void worker_workThatIsCancelledBeforeItIsTaken_isNotRun() {
    JobEpoch job = new JobEpoch("corpus", 5);
    pool.send(Lane.BULK, "cancelled", "other");
    pool.send(Lane.BULK, "of the job", pool.item("of the job", job).build());
    pool.send(
        Lane.BULK,
        "of the next run",
        pool.item("of the next run", new JobEpoch("corpus", 6)).build());
    pool.abort(Lane.BULK, "cancelled", 1);
    pool.abort(Lane.BULK, job);

    try (HashEngine engine = HashEngine.free();
        Worker _ = start(engine)) {
      pool.awaitOutcomes(List.of("cancelled", "other", "of the job", "of the next run"));

      assertThat(rejection("cancelled")).isEqualTo("Cancelled");
      assertThat(rejection("of the job")).isEqualTo("Cancelled");
      assertThat(engine.seen()).containsExactlyInAnyOrder("other", "of the next run");
    }
  }

  @Test
  void worker_workThatIsCancelledWhileItRuns_isWithdrawn() {
    JobEpoch job = new JobEpoch("corpus", 5);
    String first = HashEngine.HANG + 1;
    String second = HashEngine.HANG + 2;
    try (HashEngine engine = HashEngine.free();
        Worker _ = start(engine)) {
      pool.send(Lane.INTERACTIVE, first);
      pool.send(Lane.INTERACTIVE, second, pool.item(second, job).build());
      TestPool.await().until(() -> engine.seen().size() == 2);

      pool.abort(Lane.INTERACTIVE, first, 1);
      pool.abort(Lane.INTERACTIVE, job);

      assertThat(rejection(first)).isEqualTo("Cancelled");
      assertThat(rejection(second)).isEqualTo("Cancelled");
      pool.send(Lane.INTERACTIVE, "last");
      assertThat(pool.awaitOutcome("last")).isInstanceOf(Answered.class);
    }
  }

  @Test
  void worker_laterAttemptThanTheCancelledOne_isRun() {
    pool.abort(Lane.INTERACTIVE, "again", 1);
    pool.send(Lane.INTERACTIVE, "again", pool.item("again").setAttempt(2).build());

    try (HashEngine engine = HashEngine.free();
        Worker _ = start(engine)) {
      assertThat(pool.awaitOutcome("again")).isInstanceOf(Answered.class);
      assertThat(engine.seen()).containsExactly("again");
    }
  }

  @Test
  void worker_backlogInThePoolsOwnQueue_delaysNoQueueBesideIt() throws InterruptedException {
    List<String> backlog = IntStream.range(0, 2_000).mapToObj(i -> "theirs " + i).toList();
    List<String> mine = IntStream.range(0, 10).mapToObj(i -> "mine " + i).toList();
    pool.send(Lane.INTERACTIVE, backlog.toArray(String[]::new));
    try (HashEngine engine = HashEngine.costing(Duration.ofMillis(2));
        Worker worker = start(engine)) {
      TestPool.await().until(() -> !engine.seen().isEmpty());
      assertThat(worker.takeFrom(Map.of("acme", 4))).as("its topics are missing").isFalse();
      pool.createQueue("acme");
      TestPool.await().until(() -> worker.takeFrom(Map.of("acme", 4)));
      for (String name : mine) {
        pool.send(Lane.INTERACTIVE, "acme", name, pool.item(name).build());
      }
      TestPool.await().until(() -> engine.seen().containsAll(mine));
      assertThat(engine.seen().size()).as("most of the backlog waits").isLessThan(1_500);
      pool.awaitOutcomes(mine);
    }
  }
}
