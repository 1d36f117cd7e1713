package io.ratatoskr.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@WithKafka
class KafkaExtensionIT {
  private static final Set<String> BROKERS = new HashSet<>();
  private static final Set<String> DOMAINS = new HashSet<>();

  @RepeatedTest(2)
  void testsShareABrokerAndHaveTheirOwnDomains(TestKafka kafka) {
    BROKERS.add(kafka.bootstrapServers());
    assertThat(BROKERS).hasSize(1);
    assertThat(DOMAINS.add(kafka.domain())).isTrue();
    // The broker forgets a deleted topic some time after the request is answered.
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(kafka.admin().listTopics().names().get())
                .noneMatch(topic -> DOMAINS.stream().anyMatch(topic::startsWith)));

    kafka.createTopic(kafka.domain() + ".words", 2, Map.of("retention.ms", "60000"));
    kafka.send(new ProducerRecord<>(kafka.domain() + ".words", 1, null, "hej".getBytes(UTF_8)));

    assertThat(kafka.read(kafka.domain() + ".words", 1))
        .extracting(record -> record.partition() + " " + new String(record.value(), UTF_8))
        .isEqualTo(List.of("1 hej"));
  }

  @Nested
  @WithKafka(ownBroker = true)
  class OwnBroker {
    @Test
    void isAnotherOne(TestKafka kafka) {
      assertThat(BROKERS).doesNotContain(kafka.bootstrapServers());
    }
  }

  @Nested
  class InnerClass {
    @Test
    void sharesTheBroker(TestKafka kafka) {
      BROKERS.add(kafka.bootstrapServers());
      assertThat(BROKERS).hasSize(1);
    }
  }
}
