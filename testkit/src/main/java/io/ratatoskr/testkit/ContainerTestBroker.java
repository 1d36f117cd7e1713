package io.ratatoskr.testkit;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.kafka.KafkaContainer;

/** Kafka in a container, set up like the embedded one. The only class that needs Testcontainers. */
record ContainerTestBroker(KafkaContainer container) implements TestBroker {
  private static final String IMAGE = "apache/kafka:4.3.1";

  static ContainerTestBroker start() {
    KafkaContainer container = new KafkaContainer(IMAGE).withEnv(environment());
    container.start();
    return new ContainerTestBroker(container);
  }

  /** The embedded broker's settings as the image takes them. */
  static Map<String, String> environment() {
    return TestBroker.config(Path.of("unused")).settings().entrySet().stream()
        .collect(Collectors.toMap(setting -> variable(setting.getKey()), Map.Entry::getValue));
  }

  private static String variable(String property) {
    return "KAFKA_"
        + property
            .replace("_", "__")
            .replace("-", "___")
            .replace('.', '_')
            .toUpperCase(Locale.ROOT);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.close();
  }
}
