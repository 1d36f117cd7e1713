package io.ratatoskr.allinone;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The workers of one kind in this process: one for each pool that they serve. */
public final class PoolWorkers implements AutoCloseable {
  private final List<Served> served = new ArrayList<>();
  private final StartedParts parts = new StartedParts();

  private record Served(WorkerPool pool, WorkerKind.Loading engine, Worker worker) {}

  private PoolWorkers() {}

  /**
   * Starts a worker for each pool, and returns when they take work or wait for their models.
   *
   * @throws RuntimeException if one cannot start; none is left running then
   */
  public static PoolWorkers start(
      WorkerKind kind, Configuration configuration, MeterRegistry meters) {
    PoolWorkers workers = new PoolWorkers();
    try {
      List<WorkerPool> pools = kind.pools(configuration);
      for (WorkerPool pool : pools) {
        WorkerKind.Loading engine = kind.load(pool, configuration, meters);
        workers.parts.push(engine);
        WorkerConfig config = WorkerKind.config(pool, configuration, pools.size() > 1);
        Worker worker = WorkerKind.start(pool, engine, config, meters);
        workers.parts.push(worker);
        workers.served.add(new Served(pool, engine, worker));
      }
      workers.parts.push(
          QueueFollower.start(
              configuration.router().policy().queues(),
              workers.served.stream()
                  .collect(Collectors.toMap(one -> one.pool().name(), Served::worker)),
              configuration.worker()));
      return workers;
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /**
   * Waits until their models are ready.
   *
   * @throws RuntimeException the reason why they never will be
   */
  public void await() throws InterruptedException {
    for (Served one : served) {
      one.engine().await();
    }
  }

  /** Their names, separated by commas. */
  public String names() {
    return served.stream().map(one -> one.worker().id()).collect(Collectors.joining(", "));
  }

  /**
   * How each is now.
   *
   * @param bootstrap of their Kafka
   */
  public Health health(String bootstrap) {
    Map<String, String> states = new LinkedHashMap<>();
    served.forEach(one -> states.put("worker " + one.pool().name(), one.engine().state()));
    return new Health(
        served.stream().allMatch(one -> one.engine().ready()),
        states,
        Map.of("bootstrap", bootstrap, "worker", names()));
  }

  /** Takes what may change while they run. */
  public void change(WorkerConfig config) {
    served.forEach(one -> one.worker().change(config));
  }

  /** Stops them, the latest first. */
  @Override
  public void close() {
    parts.close();
  }
}
