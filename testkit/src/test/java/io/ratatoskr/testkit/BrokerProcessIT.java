package io.ratatoskr.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.DataFolderInUse;
import io.ratatoskr.testkit.ChildJvm.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker beside and after a broker in another process. */
@ExtendWith(ProcessKiller.Extension.class)
class BrokerProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;

  /** Runs a broker on the folder given until it is killed. */
  static final class Broker {
    public static void main(String[] args) throws InterruptedException {
      EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(Path.of(args[0])));
      System.out.println("serving " + kafka.bootstrapServers());
      new CountDownLatch(1).await();
    }
  }

  @Test
  void aFolderThatAnotherProcessUsesIsRefused(ProcessKiller killer) {
    Path folder = temp.resolve("data");
    ChildJvm other = killer.start(Command.of(Broker.class, folder.toString()));
    other.awaitLine("^serving", PATIENCE);

    assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder)))
        .isInstanceOf(DataFolderInUse.class)
        .hasMessageContaining(folder.toString());

    other.stop();
    assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder)))
        .isInstanceOf(DataFolderInUse.class);
  }

  @Test
  void whatAKilledBrokerAcknowledgedIsThereAfterARestart(ProcessKiller killer) {
    Path folder = temp.resolve("data");
    ChildJvm killed = killer.start(Command.of(Broker.class, folder.toString()));
    String serving = killed.awaitLine("^serving", PATIENCE);
    try (Admin admin = TestKafka.newAdmin(serving.substring("serving ".length()))) {
      TestKafka kafka = new TestKafka(serving.substring("serving ".length()), admin);
      kafka.createTopic("kept", 1, Map.of());
      kafka.send(new ProducerRecord<>("kept", "acknowledged".getBytes(UTF_8)));
    }

    killed.kill();

    try (EmbeddedKafka restarted = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder));
        Admin admin = TestKafka.newAdmin(restarted.bootstrapServers())) {
      TestKafka kafka = new TestKafka(restarted.bootstrapServers(), admin);
      assertThat(kafka.read("kept", 1))
          .extracting(record -> new String(record.value(), UTF_8))
          .containsExactly("acknowledged");
      kafka.send(new ProducerRecord<>("kept", "more".getBytes(UTF_8)));
      assertThat(kafka.read("kept", 2)).hasSize(2);
    }
  }
}
