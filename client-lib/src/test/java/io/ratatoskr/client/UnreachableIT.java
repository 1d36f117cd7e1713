package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.AddressInUse;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
class UnreachableIT {
  private static final RequestOptions BULK =
      RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofMinutes(2));

  @Test
  void connect_nobodyListens_namesTheAddress() throws Exception {
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String address = "127.0.0.1:" + taken.getLocalPort();
      ClientConfig config = ClientConfig.of(address).withConnectTimeout(Duration.ofMillis(300));

      assertThatThrownBy(() -> KafkaRatatoskr.connect(config))
          .isInstanceOf(PipelineUnreachableException.class)
          .hasMessageContaining(address)
          .hasMessageContaining("refused");
    }
  }

  @Test
  void connect_unknownHost_namesIt() {
    ClientConfig config =
        ClientConfig.of("no-such-host.invalid:9092").withConnectTimeout(Duration.ofMillis(100));

    assertThatThrownBy(() -> KafkaRatatoskr.connect(config))
        .isInstanceOf(PipelineUnreachableException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void embed_replyTopicMissing_namesIt(TestKafka kafka) {
    Domain domain = new Domain(kafka.domain());
    ClientConfig config = ClientConfig.of(kafka.bootstrapServers()).withDomain(domain);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      assertUnreachable(
          client.embed(EmbedRequest.of("echo", "a")), Topics.replies(domain, Lane.INTERACTIVE));
      assertUnreachable(client.open(Lane.BULK), Topics.replies(domain, Lane.BULK));
    }
  }

  @Test
  void embed_requestTopicMissing_namesIt(TestKafka kafka) {
    Domain domain = new Domain(kafka.domain());
    kafka.createTopic(Topics.replies(domain, Lane.INTERACTIVE), 1, Map.of());
    ClientConfig config = ClientConfig.of(kafka.bootstrapServers()).withDomain(domain);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      assertUnreachable(
          client.embed(EmbedRequest.of("echo", "a")),
          Topics.requests(domain, Lane.INTERACTIVE, Capability.EMBED));
    }
  }

  private static void assertUnreachable(CompletableFuture<?> future, String named) {
    assertThat(catchThrowable(future::join))
        .hasCauseInstanceOf(PipelineUnreachableException.class)
        .hasMessageContaining(named);
  }

  @Test
  void embed_brokerGoesAndComesBack_everyCallIsAnswered(@TempDir Path folder) throws Exception {
    EmbeddedKafkaConfig broker =
        EmbeddedKafkaConfig.in(folder.resolve("kafka"))
            .listeningOn("127.0.0.1", LastingPort.find());
    EmbeddedKafka kafka = EmbeddedKafka.start(broker);
    String bootstrap = kafka.bootstrapServers();
    try {
      createTopics(bootstrap);
      try (EchoRouter router = new EchoRouter(ClientConfig.of(bootstrap), EchoRouter::echo);
          KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
        List<CompletableFuture<EmbedReply>> replies = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
          replies.add(client.embed(EmbedRequest.of("echo", "text " + i).withOptions(BULK)));
        }
        Awaitility.await().until(() -> router.seen().size() > 500);
        kafka.close();
        // A connection of another process may have the port for a moment.
        kafka =
            Awaitility.await()
                .ignoreException(AddressInUse.class)
                .until(() -> EmbeddedKafka.start(broker), started -> true);

        for (int i = 0; i < replies.size(); i++) {
          assertThat(replies.get(i).join().vector()).isEqualTo(EchoRouter.vectorOf("text " + i));
        }
      }
    } finally {
      kafka.close();
    }
  }

  @Test
  void embed_brokerGone_givesUpAtTheDeadlineNamingTheAddress(@TempDir Path folder)
      throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder.resolve("kafka")));
    String bootstrap = kafka.bootstrapServers();
    createTopics(bootstrap);
    RequestOptions brief = RequestOptions.defaults().withTimeout(Duration.ofSeconds(3));
    try (EchoRouter router = new EchoRouter(ClientConfig.of(bootstrap), EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
      // What follows goes to a topic that the producer knows, on the thread of the caller.
      client.embed(EmbedRequest.of("echo", "a")).join();
      assertThat(router.seen()).isNotEmpty();
      kafka.close();

      for (Lane lane : Lane.values()) {
        assertUnreachable(
            client.embed(EmbedRequest.of("echo", "a").withOptions(brief.withLane(lane))),
            bootstrap);
      }
    }
  }

  private static void createTopics(String bootstrap) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      TestKafka kafka = new TestKafka(bootstrap, admin);
      EchoRouter.topics(Domain.DEFAULT).forEach(topic -> kafka.createTopic(topic, 2, Map.of()));
    }
  }
}
