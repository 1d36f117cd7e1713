package io.ratatoskr.testkit;

/** A running Kafka for tests, wherever it runs. */
interface TestBroker extends AutoCloseable {

  String bootstrapServers();

  @Override
  void close();

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
