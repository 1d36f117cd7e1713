package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Source;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every engine and every way of taking work. */
public abstract class WorkQueueContract extends WorkerContract {

  /**
   * Binds the suite.
   *
   * @param work what it runs on
   * @param queue how the workers take work
   */
  protected WorkQueueContract(TestWork work, WorkerConfig.QueueChoice queue) {
    super(work, queue);
  }

  @Test
  void worker_workBeforeAndAfterItJoined_answersAll() {
    List<String> before = IntStream.range(0, 40).mapToObj(i -> "before " + i).toList();
    List<String> after = IntStream.range(0, 40).mapToObj(i -> "after " + i).toList();
    pool.send(Lane.INTERACTIVE, before.toArray(String[]::new));

    try (Worker worker = start(engine)) {
      pool.awaitOutcomes(before);
      pool.send(Lane.INTERACTIVE, after.toArray(String[]::new));
      pool.awaitOutcomes(after);

      assertThat(worker.shared()).isEqualTo(queue == WorkerConfig.QueueChoice.SHARED);
      assertThat(pool.outcomes())
          .hasSize(80)
          .allSatisfy(outcome -> {
            assertThat(outcome.lane()).isEqualTo(Lane.INTERACTIVE);
            assertThat(outcome.partition()).as("partition of the request").isEqualTo(1);
            assertThat(outcome.result().getWorker()).isEqualTo(worker.id());
            assertThat(outcome.result().getLink()).isEqualTo(TestPool.LINK);
            assertThat(outcome.result().getOutcome()).isInstanceOf(Answered.class);
          });
    }
  }

  @Test
  void worker_twoLanes_answersEachOnItsOwn() {
    try (Worker _ = start(engine)) {
      pool.send(Lane.INTERACTIVE, "one");
      pool.send(Lane.BULK, "two");
      pool.awaitOutcomes(List.of("one", "two"));

      assertThat(pool.outcomesOf("one").getFirst().lane()).isEqualTo(Lane.INTERACTIVE);
      assertThat(pool.outcomesOf("two").getFirst().lane()).isEqualTo(Lane.BULK);
    }
  }

  @Test
  void worker_recordsThatCannotBeDone_becomeOutcomesOrDeadLettersAndStopNothing() {
    long now = System.currentTimeMillis();
    pool.sendGarbage(Lane.INTERACTIVE);
    pool.send(Lane.INTERACTIVE, "late", pool.item("x").setDeadlineMs(now - 1).build());
    pool.send(Lane.INTERACTIVE, "queued", pool.item("x").setQueueUntilMs(now - 1).build());
    pool.send(Lane.INTERACTIVE, "foreign", pool.item("x").setCapability(foreign()).build());
    pool.send(
        Lane.INTERACTIVE,
        "undecodable",
        pool.item("x").setPayload(ByteBuffer.wrap("no request".getBytes(UTF_8))).build());
    pool.send(
        Lane.INTERACTIVE,
        "contradicted",
        pool.item("x").setPayloadSchema("0123456789abcdef").build());

    try (Worker _ = start(engine)) {
      pool.send(Lane.INTERACTIVE, "last");

      assertThat(pool.awaitOutcome("last")).isInstanceOf(Answered.class);
      assertThat(rejection("late")).isEqualTo("Expired");
      assertThat(retry("queued")).isEqualTo("Overloaded");
      assertThat(rejection("foreign")).isEqualTo("Unsupported");
      assertThat(rejection("undecodable")).isEqualTo("InvalidInput");
      assertThat(rejection("contradicted")).isEqualTo("InvalidInput");
      assertThat(pool.awaitDeadLetters(Lane.INTERACTIVE))
          .extracting(DeadLetter::getCode)
          .containsOnly("BadEnvelope");
    }
  }

  /** A capability that the engine lacks. */
  private String foreign() {
    return Stream.of(Capability.values())
        .filter(capability -> !engine.capabilities().contains(capability))
        .findFirst()
        .orElseThrow()
        .topicName();
  }

  @Test
  void worker_workWithoutPayload_readsTheRequestWhereItIs()
      throws ExecutionException, InterruptedException {
    Source source = pool.sendRequest("by source");
    Source gone = new Source(source.getTopic(), 0, source.getOffset() + 100);

    try (Worker _ = start(engine)) {
      assertThat(pool.awaitSettled("by source", pool.item(source).build()))
          .isInstanceOf(Answered.class);
      assertThat(rejection(pool.awaitSettled("gone", pool.item(gone).build())))
          .isEqualTo("Expired");
    }
  }

  final String rejection(String name) {
    return rejection(pool.awaitOutcome(name));
  }

  private static String rejection(Object outcome) {
    return ((Rejected) outcome).getError().getCode();
  }

  final String retry(String name) {
    return ((Retryable) pool.awaitOutcome(name)).getError().getCode();
  }

  @Test
  void worker_engineStillLoading_answersOnceItHasLoadedAndPublishesNothingBefore() {
    pool.send(Lane.INTERACTIVE, "early");

    try (Engine<?> loading = work.load();
        Worker _ = start(loading)) {
      // What was read before it was seen not to be ready was published before it was ready.
      TestPool.await()
          .until(() -> {
            List<TestPool.Result> published = pool.results();
            boolean loaded = loading.ready();
            assertThat(loaded ? List.of() : published).isEmpty();
            return loaded;
          });

      assertThat(pool.awaitOutcome("early")).isInstanceOf(Answered.class);
      assertThat(pool.outcomesOf("early")).hasSize(1);
    }
  }
}
