package io.ratatoskr.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.ChildJvm.Command;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A router in a process of its own. Where it has written the state and is about to send what
 * follows from it, it stands still until it is killed.
 */
final class RouterProcess {
  static final String ROUTING = "routing";
  static final String STANDING = "standing between store and send";

  private RouterProcess() {}

  /** Stands still before the n-th record through that sink. */
  static Command command(RouterConfig config, Sink sink, int nth, int attempts) {
    return Command.of(
        RouterProcess.class,
        config.bootstrap(),
        config.stateDir().toString(),
        sink.name(),
        Integer.toString(nth),
        Integer.toString(attempts));
  }

  /** A router that pauses keeps its partitions, and so sends nothing twice. */
  static RouterConfig config(String bootstrap, Path folder, int attempts) {
    return RouterConfig.of(
        Deployment.allInOne(),
        folder,
        Values.of(
            RouterConfig.settings(),
            Map.of(
                "kafka.bootstrap",
                bootstrap,
                "retry.max-attempts",
                Integer.toString(attempts),
                "retry.backoff",
                "PT0.2S",
                "kafka.main.consumer.session.timeout.ms",
                "60000")));
  }

  /** Runs it: bootstrap, folder, sink, n, attempts. */
  public static void main(String[] args) throws InterruptedException {
    Sink sink = Sink.valueOf(args[2]);
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[3]));
    SendPoint stands =
        emission -> {
          if (emission.sink() == sink && left.decrementAndGet() == 0) {
            System.out.println(STANDING);
            standStill();
          }
        };
    Router router =
        new Router(
            config(args[0], Path.of(args[1]), Integer.parseInt(args[4])),
            new SimpleMeterRegistry(),
            Clock.systemUTC(),
            stands);
    router.start();
    router.awaitRunning(Duration.ofMinutes(2));
    System.out.println(ROUTING);
    standStill();
  }

  private static void standStill() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
