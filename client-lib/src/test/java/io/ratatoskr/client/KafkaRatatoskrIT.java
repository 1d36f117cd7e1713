package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class KafkaRatatoskrIT {
  private ClientConfig config;
  private Domain domain;
  private TestKafka kafka;

  @BeforeEach
  void topics(TestKafka kafka) {
    this.kafka = kafka;
    domain = new Domain(kafka.domain());
    config = ClientConfig.of(kafka.bootstrapServers()).withDomain(domain);
    EchoRouter.topics(domain).forEach(topic -> kafka.createTopic(topic, 2, Map.of()));
  }

  @Test
  void embed_batch_answersInOrder() throws Exception {
    try (EchoRouter router = new EchoRouter(kafka.bootstrapServers(), domain, EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      EmbedReply reply = client.embed(EmbedRequest.of("echo", "a", "bb", "ccc")).get();

      assertThat(reply.vectors())
          .containsExactly(
              EchoRouter.vectorOf("a"), EchoRouter.vectorOf("bb"), EchoRouter.vectorOf("ccc"));
      assertThat(router.seen()).hasSize(1);
    }
  }
}
