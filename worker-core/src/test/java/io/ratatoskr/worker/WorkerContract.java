package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.testkit.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * What each contract suite has: a broker and a loaded engine for the class, a pool for the test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorkerContract {
  final TestWork work;
  final WorkerConfig.QueueChoice queue;
  Engine<?> engine;
  TestPool pool;

  WorkerContract(TestWork work, WorkerConfig.QueueChoice queue) {
    this.work = work;
    this.queue = queue;
  }

  @BeforeAll
  void load() {
    engine = work.load();
    TestPool.await().untilAsserted(() -> assertThat(engine.models()).allMatch(ServedModel::ready));
  }

  @AfterAll
  void free() {
    engine.close();
  }

  @BeforeEach
  void createPool(TestKafka kafka) {
    pool = new TestPool(kafka, work);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  /** A worker of the test's pool with an engine that its caller closes. */
  final Worker start(Engine<?> engine) {
    return Worker.start(pool.config(queue), engine, new SimpleMeterRegistry());
  }
}
