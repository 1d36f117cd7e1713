package io.ratatoskr.bench;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The broker of {@code up}, alone in a process and a data folder of its own. */
final class BrokerProcess {
  private BrokerProcess() {}

  static void serve(long start) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "broker-");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder))) {
      Contender.listen(
          Contender.ready("broker", Map.of("bootstrap", kafka.bootstrapServers()), start),
          line -> Map.of());
    } finally {
      Home.delete(folder);
    }
  }

  static Contender start() {
    return Contender.start("broker", Contender.bench("contender", "broker"));
  }
}
