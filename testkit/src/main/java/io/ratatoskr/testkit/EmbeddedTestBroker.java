package io.ratatoskr.testkit;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An embedded broker with a data folder that goes when it is closed. */
record EmbeddedTestBroker(EmbeddedKafka kafka) implements TestBroker {

  static EmbeddedTestBroker start() {
    try {
      Path folder = Files.createTempDirectory("test-kafka-");
      return new EmbeddedTestBroker(EmbeddedKafka.start(TestBroker.config(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for the broker's data", e);
    }
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public void close() {
    kafka.close();
    EmbeddedKafka.delete(kafka.dataFolder());
  }
}
