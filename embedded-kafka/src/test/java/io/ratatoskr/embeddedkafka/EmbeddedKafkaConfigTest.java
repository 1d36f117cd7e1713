package io.ratatoskr.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig.Disk;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaConfigTest {
  private static final Path FOLDER = Path.of("data");
  private static final EmbeddedKafkaConfig DEFAULTS = EmbeddedKafkaConfig.in(FOLDER);

  @Test
  void defaults() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new EmbeddedKafkaConfig(
                FOLDER,
                new Listener("127.0.0.1", 0),
                new Disk(16_777_216, Duration.ofSeconds(1), Duration.ofSeconds(1), 536_870_912),
                Map.of()));
  }

  @Test
  void everyKeyIsKept() {
    assertThat(
            DEFAULTS
                .listeningOn("localhost", 9092)
                .withDisk(Disk.defaults().withSegmentBytes(1 << 20).withMinFreeBytes(7))
                .withBrokerProperty("num.io.threads", "3")
                .withBrokerProperty("num.network.threads", "1"))
        .isEqualTo(
            new EmbeddedKafkaConfig(
                FOLDER,
                new Listener("localhost", 9092),
                new Disk(1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1), 7),
                Map.of("num.io.threads", "3", "num.network.threads", "1")));
  }

  @ParameterizedTest
  @CsvSource({"-1", "65536"})
  void refusesPort(int port) {
    assertThatThrownBy(() -> DEFAULTS.listeningOn("127.0.0.1", port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("port is " + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "0.0.0.0", "::"})
  void refusesHost(String host) {
    assertThatThrownBy(() -> DEFAULTS.listeningOn(host, 0)).hasMessageStartingWith("host is ");
  }

  @Test
  void refusesSmallSegments() {
    assertThatThrownBy(() -> Disk.defaults().withSegmentBytes(1000))
        .hasMessageStartingWith("segmentBytes is 1000, must be at least 1048576");
  }

  @Test
  void refusesNegativeMinimum() {
    assertThatThrownBy(() -> Disk.defaults().withMinFreeBytes(-1))
        .hasMessageStartingWith("minFreeBytes");
  }

  @Test
  void refusesDurationsOutOfRange() {
    assertThatThrownBy(() -> new Disk(1 << 20, Duration.ZERO, Duration.ZERO, 0))
        .hasMessageStartingWith("retentionCheck is PT0S");
    assertThatThrownBy(() -> new Disk(1 << 20, Duration.ofMillis(1), Duration.ofMillis(-1), 0))
        .hasMessageStartingWith("fileDeleteDelay is ");
  }

  @Test
  void refusesBrokerPropertiesThatHaveTheirOwnKey() {
    assertThatThrownBy(() -> DEFAULTS.withBrokerProperty("log.dirs", "/elsewhere"))
        .hasMessage("brokerProperties is log.dirs, must be a key that is not set by dataFolder");
  }

  @Test
  void textShowsNoValueOfABrokerProperty() {
    assertThat(DEFAULTS.withBrokerProperty("ssl.key.password", "secret").toString())
        .contains("ssl.key.password")
        .doesNotContain("secret");
  }
}
