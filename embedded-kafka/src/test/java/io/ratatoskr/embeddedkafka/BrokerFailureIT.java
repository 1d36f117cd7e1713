package io.ratatoskr.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig.Disk;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.BrokerFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Exit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerFailureIT {
  @TempDir private Path temp;

  @Test
  void callsForHelpWhenTheDiskRunsShortAndSaysWhenItNoLongerDoes() throws Exception {
    AtomicLong usable = new AtomicLong(2_000);
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    EmbeddedKafkaConfig config =
        EmbeddedKafkaConfig.in(temp.resolve("data"))
            .withDisk(Disk.defaults().withMinFreeBytes(1_000));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(config)) {
      kafka.watchFreeSpace(usable::get, new Recorder(calls));
      usable.set(999);
      assertThat(calls.poll(60, TimeUnit.SECONDS)).isEqualTo("low 999 of 1000");
      usable.set(1_125);
      assertThat(calls.poll(60, TimeUnit.SECONDS)).isEqualTo("recovered 1125");
      usable.set(10);
      assertThat(calls.poll(60, TimeUnit.SECONDS)).isEqualTo("low 10 of 1000");
      assertThat(kafka.failure()).isNotDone();
    }
    assertThat(calls).isEmpty();
  }

  private record Recorder(BlockingQueue<String> calls) implements FreeSpaceListener {
    @Override
    public void low(long usableBytes, long minimumBytes) {
      calls.add("low " + usableBytes + " of " + minimumBytes);
    }

    @Override
    public void recovered(long usableBytes) {
      calls.add("recovered " + usableBytes);
    }
  }

  @Test
  void aHaltFailsTheBrokerWhoseThreadItIsAndNothingElse() throws Exception {
    try (EmbeddedKafka healthy = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("a")));
        EmbeddedKafka ill = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("b")))) {
      ThreadGroup threadsOfIll =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getThreadGroup)
              .filter(group -> group != null && group.getName().endsWith("-" + ill.port()))
              .findAny()
              .orElseThrow();

      Thread halting =
          new Thread(threadsOfIll, () -> Exit.halt(1, "the disk is gone"), "log-dir-failure");
      List<Throwable> thrown = new CopyOnWriteArrayList<>();
      halting.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
      halting.start();

      assertThat(ill.failure().get(60, TimeUnit.SECONDS))
          .isInstanceOf(BrokerFailed.class)
          .hasMessageContaining("the disk is gone")
          .hasMessageContaining(ill.dataFolder().toString());
      halting.join();
      assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
      assertThat(healthy.failure()).isNotDone();
      KafkaClients.createTopic(healthy, "alive");
    }
  }

  @Test
  void aBrokerWhoseFolderIsTakenAwayFailsAndCanBeClosed() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("gone")));
    KafkaClients.createTopic(kafka, "orphan");

    Files.move(kafka.dataFolder(), temp.resolve("elsewhere"));

    assertThat(kafka.failure().get(60, TimeUnit.SECONDS)).isInstanceOf(BrokerFailed.class);
    kafka.close();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(kafka.threads()).isEmpty());
  }
}
