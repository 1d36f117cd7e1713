package io.ratatoskr.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.testkit.TestKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Stands in for router and workers: answers each request as its script says, on one thread. */
final class EchoRouter implements AutoCloseable {
  private static final Map<Capability, Codec<? extends SpecificRecord>> REQUESTS =
      Map.of(
          Capability.EMBED, Codec.of(EmbedRequest.class, SchemaIds.derived()),
          Capability.NLI, Codec.of(NliRequest.class, SchemaIds.derived()),
          Capability.CLASSIFY, Codec.of(ClassifyRequest.class, SchemaIds.derived()),
          Capability.STANCE, Codec.of(StanceRequest.class, SchemaIds.derived()),
          Capability.TOKENIZE, Codec.of(TokenizeRequest.class, SchemaIds.derived()));
  private static final Codec<Reply> REPLY = Codec.of(Reply.class, SchemaIds.derived());
  private static final Codec<EmbedReply> EMBED_REPLY =
      Codec.of(EmbedReply.class, SchemaIds.derived());

  /** A request as it was read. */
  record Seen(
      Domain domain,
      Lane lane,
      int partition,
      long offset,
      Fingerprint key,
      Envelope envelope,
      SpecificRecord request) {

    /** The texts of an embedding request. */
    List<String> texts() {
      return ((EmbedRequest) request)
          .getItems().stream()
              .map(Item::getContent)
              .map(content -> ((Text) content).getText())
              .toList();
    }

    /**
     * A record for its inbox.
     *
     * @param kind of a record that comes before the reply; none for the reply itself
     */
    ProducerRecord<byte[], byte[]> reply(byte[] value, String... kind) {
      ProducerRecord<byte[], byte[]> reply =
          new ProducerRecord<>(
              Topics.replies(domain, lane), envelope.inbox().partition(), key.toKey(), value);
      envelope.replyTo().writeTo(reply.headers());
      for (String each : kind) {
        reply.headers().add(Envelope.KIND, each.getBytes(UTF_8));
      }
      return reply;
    }
  }

  /** Values of the replies to a request, in the order in which they are written. */
  interface Script {
    List<byte[]> replies(Seen request);
  }

  private final Domain domain;
  private final List<Capability> capabilities;
  private final Script script;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final Thread thread;

  /** Answers embedding requests on the brokers and in the domain of that config. */
  EchoRouter(ClientConfig config, Script script) throws InterruptedException {
    this(config, List.of(Capability.EMBED), script);
  }

  EchoRouter(ClientConfig config, List<Capability> capabilities, Script script)
      throws InterruptedException {
    this.domain = config.domain();
    this.capabilities = capabilities;
    this.script = script;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", config.bootstrap(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                config.bootstrap(),
                "linger.ms",
                0,
                "max.request.size",
                4 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = new Thread(this::run, "echo-router");
    thread.start();
    reading.await();
  }

  /** A client's config for the test's own domain, whose topics are made. */
  static ClientConfig config(TestKafka kafka, List<Capability> capabilities) {
    Domain domain = new Domain(kafka.domain());
    topics(domain, capabilities).forEach(topic -> kafka.createTopic(topic, 2, Map.of()));
    return ClientConfig.of(kafka.bootstrapServers()).withDomain(domain);
  }

  /** What was read, in the order of reading. */
  List<Seen> seen() {
    return seen;
  }

  private void run() {
    try (consumer;
        producer) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (Lane lane : Lane.values()) {
        for (Capability capability : capabilities) {
          String topic = Topics.requests(domain, lane, capability);
          consumer
              .partitionsFor(topic)
              .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      partitions.forEach(consumer::position);
      reading.countDown();
      while (true) {
        consumer.poll(Duration.ofSeconds(1)).forEach(this::answer);
      }
    } catch (WakeupException e) {
      reading.countDown();
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    Topics.RequestTopic topic = Topics.RequestTopic.parse(record.topic()).orElseThrow();
    Lane lane = topic.lane();
    Envelope envelope = Envelope.read(record.headers(), Duration.ofSeconds(30));
    Seen one =
        new Seen(
            domain,
            lane,
            record.partition(),
            record.offset(),
            Fingerprint.ofKey(record.key()),
            envelope,
            Objects.requireNonNull(REQUESTS.get(topic.capability()))
                .decode(record.value(), record.headers()));
    seen.add(one);
    for (byte[] value : script.replies(one)) {
      ProducerRecord<byte[], byte[]> reply = one.reply(value);
      REPLY.describe(reply.headers());
      var _ = producer.send(reply);
    }
  }

  /** One reply with a vector of length two for each text: its length and its hash. */
  static List<byte[]> echo(Seen request) {
    return List.of(answer("space", request.texts()));
  }

  /** Never a reply. */
  static List<byte[]> silence(Seen request) {
    return List.of();
  }

  static float[] vectorOf(String text) {
    return new float[] {text.length(), text.hashCode()};
  }

  static byte[] answer(String space, List<String> texts) {
    return answer(space, texts, CacheUse.NONE, 1);
  }

  static byte[] answer(String space, List<String> texts, CacheUse cache, long executionMs) {
    return answer(
        EMBED_REPLY.encode(
            new EmbedReply(
                "echo",
                space,
                2,
                texts.stream()
                    .<Object>map(text ->
                        new Embedding(Float32.encode(vectorOf(text)), text.length(), 1, false))
                    .toList())),
        cache,
        executionMs);
  }

  /** A reply that holds that record. */
  static <T extends SpecificRecord> byte[] answer(Class<T> type, T payload) {
    return answer(Codec.of(type, SchemaIds.derived()).encode(payload), CacheUse.NONE, 1);
  }

  /** A reply with that payload. */
  static byte[] answer(byte[] payload, CacheUse cache, long executionMs) {
    return reply(new ReplyAnswer(ByteBuffer.wrap(payload)), cache, executionMs);
  }

  static byte[] error(InferenceError error) {
    return reply(error.toWire(), CacheUse.NONE, 0);
  }

  private static byte[] reply(Object outcome, CacheUse cache, long executionMs) {
    return REPLY.encode(
        new Reply(
            outcome,
            Provenance.newBuilder().setWorker("echo").setCache(cache).build(),
            new Timings(0L, executionMs)));
  }

  /** The topics that a client of that domain needs. */
  static Stream<String> topics(Domain domain) {
    return topics(domain, List.of(Capability.EMBED));
  }

  /** The topics for those capabilities. */
  static Stream<String> topics(Domain domain, List<Capability> capabilities) {
    return Stream.of(Lane.values())
        .flatMap(lane ->
            Stream.concat(
                capabilities.stream().map(capability -> Topics.requests(domain, lane, capability)),
                Stream.of(Topics.replies(domain, lane), Topics.cancellations(domain, lane))));
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
