package io.ratatoskr.allinone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderModel;
import io.ratatoskr.gateway.ProviderType;
import io.ratatoskr.gateway.Secret;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A provider's key goes to the provider, and nowhere else that anybody can read. */
@Timeout(180)
class ProviderKeyIT {
  private static final String KEY = "sk-marked-4711";
  private static final String ANSWER = "an answer to be found";
  private static final String REFUSAL = "a refusal to be found";

  @TempDir private Path folder;

  @Test
  void afterAnswersAndAnErrorThatRepeatsIt_theKeyStandsInNoTopicLogOrMeter() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.ratatoskr");
    Level before = ours.getLevel();
    logged.start();
    all.addAppender(logged);
    ours.setLevel(Level.TRACE);
    try (MockWebServer server = new MockWebServer()) {
      server.start(InetAddress.getLoopbackAddress(), 0);
      try (Pipeline pipeline = pipeline(server, meters)) {
        ask(server, pipeline.bootstrap());

        Set<String> found = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records(pipeline.bootstrap())) {
          String text = text(record);
          assertThat(text).as(record.topic()).doesNotContain(KEY);
          Set.of(ANSWER, REFUSAL).stream().filter(text::contains).forEach(found::add);
        }
        assertThat(found).containsExactlyInAnyOrder(ANSWER, REFUSAL);
        assertThat(pipeline.health().toString()).contains("worker stub").doesNotContain(KEY);
      }
    } finally {
      ours.setLevel(before);
      all.detachAppender(logged);
    }
    assertThat(meters.getMetersAsString()).contains("stub").doesNotContain(KEY);
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("401"))
        .noneMatch(line -> line.contains(KEY));
  }

  private Pipeline pipeline(MockWebServer server, SimpleMeterRegistry meters) throws Exception {
    return Pipeline.start(
        new PipelineConfig(
            folder,
            0,
            Deployment.allInOne(),
            EnumSet.of(WorkerKind.GATEWAY),
            Configuration.of(Configuration.allInOne())
                .withLanes(EnumSet.of(Lane.INTERACTIVE))
                .withProvider(
                    ProviderConfig.of("stub", ProviderType.OPENAI, server.url("/v1").uri())
                        .withSecret(Secret.of(KEY))
                        .withModels(List.of(ProviderModel.of("tiny"))))),
        meters);
  }

  /** One answer that is streamed, and one error whose message has the key in it. */
  private static void ask(MockWebServer server, String bootstrap) throws InterruptedException {
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
      server.enqueue(
          new MockResponse.Builder()
              .addHeader("Content-Type", "text/event-stream")
              .body(
                  "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                          .formatted(ANSWER)
                      + "data:"
                      + " {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                      + "data: [DONE]\n\n")
              .build());
      try (ChatStream<ChatReply> stream = client.chatStream(ChatRequest.of("tiny", "Hi"))) {
        assertThat(stream.reply().join().text()).isEqualTo(ANSWER);
      }
      assertThat(
              requireNonNull(server.takeRequest(30, TimeUnit.SECONDS))
                  .getHeaders()
                  .get("Authorization"))
          .isEqualTo("Bearer " + KEY);

      server.enqueue(
          new MockResponse.Builder()
              .code(401)
              .addHeader("Content-Type", "application/json")
              .body(
                  "{\"error\": {\"message\": \"%s: bad key %s\", \"code\": \"invalid_api_key\"}}"
                      .formatted(REFUSAL, KEY))
              .build());
      assertThatThrownBy(client.chat(ChatRequest.of("tiny", "Hi"))::join)
          .hasCauseInstanceOf(RequestFailedException.class)
          .hasMessageContaining(REFUSAL)
          .message()
          .doesNotContain(KEY);
    }
  }

  /** All that any topic has, those of Kafka itself included. */
  private static List<ConsumerRecord<byte[], byte[]>> records(String bootstrap) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Admin admin = Admin.create(config);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Key, value and headers, a character a byte. */
  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    Stream.concat(
            Stream.of(record.key(), record.value()),
            Stream.of(record.headers().toArray()).map(Header::value))
        .filter(Objects::nonNull)
        .forEach(bytes -> text.append(new String(bytes, ISO_8859_1)));
    return text.toString();
  }
}
