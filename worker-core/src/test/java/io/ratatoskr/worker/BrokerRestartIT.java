package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.AddressInUse;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.ProcessKiller;
import io.ratatoskr.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose broker is killed and comes back. */
@ExtendWith(ProcessKiller.Extension.class)
class BrokerRestartIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path temp;

  /** Runs a broker until it is killed: folder, port. */
  static final class Broker {
    public static void main(String[] args) throws InterruptedException {
      EmbeddedKafkaConfig config =
          EmbeddedKafkaConfig.in(Path.of(args[0]))
              .listeningOn("127.0.0.1", Integer.parseInt(args[1]));
      // A connection of another process may have the port for a moment.
      EmbeddedKafka kafka =
          TestPool.await()
              .ignoreException(AddressInUse.class)
              .until(() -> EmbeddedKafka.start(config), started -> true);
      System.out.println("serving " + kafka.port());
      new CountDownLatch(1).await();
    }
  }

  private static void awaitServing(ChildJvm broker) {
    broker.awaitLine("^serving", PATIENCE);
  }

  private static List<String> send(TestPool pool, String prefix) {
    List<String> names = IntStream.range(0, 20).mapToObj(i -> prefix + i).toList();
    pool.send(Lane.INTERACTIVE, names.toArray(String[]::new));
    return names;
  }

  @Test
  void worker_brokerKilledAndRestarted_goesOnWithBothQueues(ProcessKiller killer) {
    String folder = temp.resolve("kafka").toString();
    int port = LastingPort.find();
    ChildJvm broker = killer.start(Command.of(Broker.class, folder, Integer.toString(port)));
    awaitServing(broker);
    String bootstrap = "127.0.0.1:" + port;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        TestPool shared = new TestPool(new TestKafka(bootstrap, admin));
        TestPool claimed = new TestPool(new TestKafka(bootstrap, admin));
        HashEngine engine = HashEngine.free();
        Worker first =
            Worker.start(
                shared.config(WorkerConfig.QueueChoice.SHARED), engine, new SimpleMeterRegistry());
        Worker second =
            Worker.start(
                claimed.config(WorkerConfig.QueueChoice.CLAIMED),
                engine,
                new SimpleMeterRegistry())) {
      shared.awaitOutcomes(send(shared, "s"));
      claimed.awaitOutcomes(send(claimed, "c"));

      broker.kill();
      awaitServing(killer.start(Command.of(Broker.class, folder, Integer.toString(port))));
      shared.awaitOutcomes(send(shared, "S"));
      claimed.awaitOutcomes(send(claimed, "C"));

      assertThat(first.shared()).isTrue();
      assertThat(second.shared()).isFalse();
    }
  }
}
