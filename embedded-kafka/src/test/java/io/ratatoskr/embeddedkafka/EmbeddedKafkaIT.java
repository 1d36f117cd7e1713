package io.ratatoskr.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.AddressInUse;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.BadDataFolder;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.DataFolderInUse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @TempDir private Path temp;

  @Test
  void servesProducersAndConsumersFromAFolderThatOnlyItsOwnerReads() throws Exception {
    Path folder = temp.resolve("fresh/data");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder))) {
      KafkaClients.createTopic(kafka, "greetings");
      KafkaClients.produce(kafka, "greetings", List.of("hej", "hallo"));
      KafkaClients.assertHolds(kafka, "greetings", List.of("hej", "hallo"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void continuesAKeptFolderOnAnotherPort() throws Exception {
    EmbeddedKafkaConfig config = EmbeddedKafkaConfig.in(temp.resolve("kept"));
    String clusterId;
    int port;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(config)) {
      clusterId = kafka.clusterId();
      port = kafka.port();
      KafkaClients.createTopic(kafka, "kept");
      KafkaClients.produce(kafka, "kept", List.of("one"));
    }
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        EmbeddedKafka kafka = EmbeddedKafka.start(config)) {
      assertThat(kafka.port()).isNotEqualTo(taken.getLocalPort());
      assertThat(kafka.clusterId()).isEqualTo(clusterId);
      KafkaClients.produce(kafka, "kept", List.of("two"));
      KafkaClients.assertHolds(kafka, "kept", List.of("one", "two"));
    }
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("threads")));
    KafkaClients.createTopic(kafka, "threads");
    KafkaClients.produce(kafka, "threads", List.of("one"));
    assertThat(kafka.threads()).isNotEmpty();

    kafka.close();
    kafka.close();

    assertThat(kafka.threads()).isEmpty();
    assertThat(kafka.failure()).isNotDone();
  }

  @Test
  void twoBrokersOfOneJvmDoNotDisturbEachOther() throws Exception {
    try (EmbeddedKafka one = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("one")))) {
      try (EmbeddedKafka two = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("two")))) {
        assertThat(two.clusterId()).isNotEqualTo(one.clusterId());
        KafkaClients.createTopic(two, "second");
      }
      KafkaClients.createTopic(one, "first");
      KafkaClients.produce(one, "first", List.of("still here"));
      KafkaClients.assertHolds(one, "first", List.of("still here"));
    }
  }

  @Test
  void refusesAFolderInUseAndThenGoesOn() throws Exception {
    EmbeddedKafkaConfig config = EmbeddedKafkaConfig.in(temp.resolve("shared"));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(config)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(config))
          .isInstanceOf(DataFolderInUse.class)
          .hasMessageContaining(kafka.dataFolder().toString())
          .hasMessageContaining("in use by another running broker");
      KafkaClients.createTopic(kafka, "undisturbed");
    }
  }

  @Test
  void refusesAPortInUse() throws Exception {
    Path folder = temp.resolve("port");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedKafkaConfig config =
          EmbeddedKafkaConfig.in(folder).listeningOn("127.0.0.1", taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedKafka.start(config))
          .isInstanceOf(AddressInUse.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
    EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder)).close();
  }

  @Test
  void refusesAFolderThatIsAFile() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "not a folder");
    assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaConfig.in(file)))
        .isInstanceOf(BadDataFolder.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void deletesAClosedBrokersFolderAndNoOther() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(temp.resolve("deleted")));
    Path folder = kafka.dataFolder();
    assertThatThrownBy(() -> EmbeddedKafka.delete(folder)).isInstanceOf(DataFolderInUse.class);
    kafka.close();

    EmbeddedKafka.delete(folder);
    assertThat(folder).doesNotExist();
    EmbeddedKafka.delete(folder);

    Path other = Files.createDirectory(temp.resolve("other"));
    assertThatThrownBy(() -> EmbeddedKafka.delete(other))
        .isInstanceOf(BadDataFolder.class)
        .hasMessageContaining("no broker's");
    assertThat(other).exists();
  }
}
