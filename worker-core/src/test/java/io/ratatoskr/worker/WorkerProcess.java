package io.ratatoskr.worker;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.ChildJvm.Command;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A worker in a process of its own, to be killed and frozen. */
final class WorkerProcess {
  private WorkerProcess() {}

  /**
   * The command that runs a worker of {@code pool}, with an engine of its own, until it is killed.
   */
  static Command command(TestPool pool, WorkerConfig config) {
    return Command.of(
        WorkerProcess.class,
        pool.kafka().bootstrapServers(),
        pool.name(),
        config.workerId(),
        config.queue().name().toLowerCase(Locale.ROOT),
        config.lock().toString(),
        config.sessionTimeout().toString(),
        pool.work().getClass().getName());
  }

  public static void main(String[] args) throws ReflectiveOperationException, InterruptedException {
    WorkerConfig config =
        WorkerConfig.of(
            Values.of(
                WorkerConfig.settings(),
                Map.of(
                    "kafka.bootstrap", args[0],
                    "workers.pool", args[1],
                    "workers.id", args[2],
                    "workers.queue", args[3],
                    "workers.lock", args[4],
                    "workers.session-timeout", args[5])));
    TestWork work =
        Class.forName(args[6]).asSubclass(TestWork.class).getConstructor().newInstance();
    try (Engine<?> engine = work.load();
        Worker worker = Worker.start(config, engine, new SimpleMeterRegistry())) {
      TestPool.await().until(engine::ready);
      System.out.println("taking work as " + worker.id());
      new CountDownLatch(1).await();
    }
  }
}
