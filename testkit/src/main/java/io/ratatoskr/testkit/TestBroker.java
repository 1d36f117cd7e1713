package io.ratatoskr.testkit;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import java.nio.file.Path;

/** A running Kafka for tests, wherever it runs. */
interface TestBroker extends AutoCloseable {

  String bootstrapServers();

  @Override
  void close();

  /** How each is set up: one that pauses for seconds stays in its cluster. */
  static EmbeddedKafkaConfig config(Path dataFolder) {
    return EmbeddedKafkaConfig.in(dataFolder)
        .withBrokerProperty("broker.session.timeout.ms", "60000");
  }

  /** Starts what {@code -Dkafka} asks for. */
  static TestBroker start() {
    String kind = System.getProperty("kafka", "embedded");
    return switch (kind) {
      case "embedded" -> EmbeddedTestBroker.start();
      case "testcontainers" -> ContainerTestBroker.start();
      default ->
          throw new IllegalArgumentException(
              "-Dkafka=" + kind + " is unknown; use embedded (the default) or testcontainers");
    };
  }
}
