package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every way of taking work. */
abstract class WorkQueueContract {
  private TestPool pool;

  abstract WorkerConfig.QueueChoice queue();

  @BeforeEach
  void createPool(TestKafka kafka) {
    pool = new TestPool(kafka);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private Worker start(Engine<?> engine) {
    return Worker.start(pool.config(queue()), engine, new SimpleMeterRegistry());
  }

  @Test
  void worker_workBeforeAndAfterItJoined_answersAll() {
    List<String> before = IntStream.range(0, 40).mapToObj(i -> "before " + i).toList();
    List<String> after = IntStream.range(0, 40).mapToObj(i -> "after " + i).toList();
    pool.send(Lane.INTERACTIVE, before.toArray(String[]::new));

    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      pool.awaitOutcomes(before);
      pool.send(Lane.INTERACTIVE, after.toArray(String[]::new));
      pool.awaitOutcomes(after);

      assertThat(pool.outcomes())
          .hasSize(80)
          .allSatisfy(outcome -> {
            assertThat(outcome.lane()).isEqualTo(Lane.INTERACTIVE);
            assertThat(outcome.partition()).as("partition of the request").isEqualTo(1);
            assertThat(outcome.result().getWorker()).isEqualTo(worker.id());
            assertThat(outcome.result().getOutcome()).isInstanceOf(Answered.class);
          });
    }
  }

  @Test
  void worker_twoLanes_answersEachOnItsOwn() {
    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      pool.send(Lane.INTERACTIVE, "one");
      pool.send(Lane.BULK, "two");
      pool.awaitOutcomes(List.of("one", "two"));

      assertThat(worker.id()).isNotEmpty();
      assertThat(pool.outcomesOf("one").getFirst().lane()).isEqualTo(Lane.INTERACTIVE);
      assertThat(pool.outcomesOf("two").getFirst().lane()).isEqualTo(Lane.BULK);
    }
  }

  @Test
  void worker_recordsThatCannotBeDone_becomeOutcomesOrDeadLettersAndStopNothing() throws Exception {
    long now = System.currentTimeMillis();
    pool.sendGarbage(Lane.INTERACTIVE);
    pool.send(Lane.INTERACTIVE, HashEngine.REFUSE, HashEngine.RETRY, HashEngine.THROW);
    pool.send(Lane.INTERACTIVE, "late", pool.item("late").setDeadlineMs(now - 1).build());
    pool.send(Lane.INTERACTIVE, "queued", pool.item("queued").setQueueUntilMs(now - 1).build());
    pool.send(Lane.INTERACTIVE, "slow", pool.item(HashEngine.HANG).setBudgetMs(200).build());
    pool.send(Lane.INTERACTIVE, "other", pool.item("x").setCapability("chat").build());
    Source source = pool.sendRequest("by source");
    pool.send(
        Lane.INTERACTIVE, "by source", pool.item("x").setSource(source).setPayload(null).build());
    pool.send(
        Lane.INTERACTIVE,
        "gone",
        pool.item("x")
            .setSource(new Source(source.getTopic(), 0, source.getOffset() + 100))
            .setPayload(null)
            .build());

    try (HashEngine engine = HashEngine.free();
        Worker worker = start(engine)) {
      pool.send(Lane.INTERACTIVE, "last");
      pool.awaitOutcomes(List.of("last", "gone", "by source", "slow"));

      assertThat(worker.id()).isNotEmpty();
      assertThat(rejection("late")).isEqualTo("Expired");
      assertThat(rejection("gone")).isEqualTo("Expired");
      assertThat(rejection("other")).isEqualTo("Unsupported");
      assertThat(rejection(HashEngine.REFUSE)).isEqualTo("InvalidInput");
      assertThat(retry(HashEngine.RETRY)).isEqualTo("Overloaded");
      assertThat(retry(HashEngine.THROW)).isEqualTo("Llm");
      assertThat(retry("queued")).isEqualTo("Overloaded");
      assertThat(retry("slow")).isEqualTo("Llm");
      assertThat(pool.awaitOutcome("last")).isInstanceOf(Answered.class);
      assertThat(pool.awaitOutcome("by source")).isInstanceOf(Answered.class);
      assertThat(engine.seen()).contains("by source").doesNotContain("late");
      assertThat(pool.kafka().read(Topics.deadLetters(), 1)).isNotEmpty();
    }
  }

  private String rejection(String name) {
    return ((Rejected) pool.awaitOutcome(name)).getError().getCode();
  }

  private String retry(String name) {
    return ((Retryable) pool.awaitOutcome(name)).getError().getCode();
  }

  @Test
  void worker_modelNotReady_takesNothingUntilItIs() {
    pool.send(Lane.INTERACTIVE, "early");
    try (HashEngine engine = HashEngine.free()) {
      engine.become(ServedModel.Readiness.LOADING);
      try (Worker worker = start(engine)) {
        TestPool.await().during(Duration.ofMillis(700)).until(() -> pool.outcomes().isEmpty());
        engine.become(ServedModel.Readiness.READY);
        pool.awaitOutcomes(List.of("early"));

        assertThat(worker.id()).isNotEmpty();
      }
    }
  }
}
