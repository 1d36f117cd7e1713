package io.ratatoskr.bench;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TextContent;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "result",
    description =
        "How long a client that has just connected takes to find one reply among many that are"
            + " kept, beside a bare consumer that looks from the same time on.",
    mixinStandardHelpOptions = true)
final class KeptReplyCommand implements Callable<Integer> {
  private static final Duration KEPT = Duration.ofHours(20);
  private static final String INBOX = "bench";

  @Option(names = "--replies", description = "That are kept. Default: ${DEFAULT-VALUE}")
  private int replies = 1_000_000;

  @Option(names = "--bytes", description = "Of an answer's text. Default: ${DEFAULT-VALUE}")
  private int bytes = 500;

  @Option(names = "--rounds", description = "Of each case. Default: ${DEFAULT-VALUE}")
  private int rounds = 9;

  private final Codec<Reply> codec = Codec.of(Reply.class, SchemaIds.derived());
  private final Random random = new Random(1);

  /**
   * A topic full of replies.
   *
   * @param soon the handle of one that came soon after its request
   * @param last the handle of one whose request was the first, and that came last
   */
  private record Kept(Domain domain, int partitions, Handle soon, Handle last) {}

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "One reply among %,d that are kept".formatted(replies),
            "result --replies %d --bytes %d --rounds %d".formatted(replies, bytes, rounds),
            "partitions",
            "the reply came",
            "from connecting to the reply, ms: first",
            "median (range)",
            "bare consumer, ms: median (range)",
            "ratio of medians");
    Path folder = Files.createTempDirectory(Home.bench("target"), "broker-");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder))) {
      for (int partitions : List.of(32, 1)) {
        Kept kept = fill(kafka.bootstrapServers(), partitions);
        measure(report, kafka.bootstrapServers(), kept, "soon after its request", kept.soon());
        measure(report, kafka.bootstrapServers(), kept, "20 hours later, last of all", kept.last());
      }
    } finally {
      Home.delete(folder);
    }
    report.note(
        "Answers of %d characters, over %d hours; each round connects a client of its own, in one"
                .formatted(bytes, KEPT.toHours())
            + " process. What came last of all is found by reading everything that came since its"
            + " request: all of its partition. The bar is 1 s.");
    report.print();
    return 0;
  }

  private void measure(Report report, String bootstrap, Kept kept, String came, Handle handle)
      throws Exception {
    double[] ours = new double[rounds];
    double[] bare = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      ours[round] = found(bootstrap, kept, handle);
      bare[round] = foundBare(bootstrap, kept, handle);
    }
    double first = ours[0];
    Samples all = new Samples(ours);
    Samples floor = new Samples(bare);
    report.row(
        kept.partitions(),
        came,
        Report.number(first),
        all,
        floor,
        Report.number(all.median() / floor.median()));
    Report.progress(
        "%d partitions, %s: %s ms, bare %s".formatted(kept.partitions(), came, all, floor));
  }

  private static double found(String bootstrap, Kept kept, Handle handle) throws Exception {
    long begin = System.nanoTime();
    try (KafkaRatatoskr client =
        KafkaRatatoskr.connect(ClientConfig.of(bootstrap).withDomain(kept.domain()))) {
      var _ = client.await(handle, ChatReply.class).get(60, TimeUnit.SECONDS);
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  /** What it costs to look for the record's id alone, from the same time on. */
  private static double foundBare(String bootstrap, Kept kept, Handle handle) {
    TopicPartition partition =
        new TopicPartition(
            Topics.replies(kept.domain(), Lane.INTERACTIVE), handle.inboxPartition());
    long begin = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long from = handle.requestId().madeMs().orElseThrow() - 10_000;
      OffsetAndTimestamp at = consumer.offsetsForTimes(Map.of(partition, from)).get(partition);
      consumer.seek(partition, Objects.requireNonNull(at).offset());
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (Arrays.equals(record.key(), handle.key().toKey())) {
            return (System.nanoTime() - begin) / 1e6;
          }
        }
      }
    }
  }

  private Kept fill(String bootstrap, int partitions) throws Exception {
    Domain domain = new Domain("bench.kept-" + partitions);
    String topic = Topics.replies(domain, Lane.INTERACTIVE);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    byte[] value =
        codec.encode(
            new Reply(
                new ReplyAnswer(ByteBuffer.wrap(answer())),
                Provenance.newBuilder().setWorker("bench").build(),
                new Timings(1L, 1L)));
    Instant begin = Instant.now().minus(KEPT);
    long stepNanos = KEPT.toNanos() / replies;
    List<Handle> sought = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", "20", "batch.size", "262144"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < replies; i++) {
        Instant now = begin.plusNanos(i * stepNanos);
        int partition = i % partitions;
        Handle handle = handle(domain, now, partition);
        if (i == replies / 2) {
          sought.add(handle);
        } else if (i == replies - 1) {
          handle = handle(domain, begin, partition);
          sought.add(handle);
        }
        send(producer, topic, handle, now, value);
      }
      producer.flush();
    }
    Report.progress("%,d replies in %d partitions".formatted(replies, partitions));
    return new Kept(domain, partitions, sought.getFirst(), sought.getLast());
  }

  private byte[] answer() {
    ChatAnswer answer =
        new ChatAnswer(
            "bench",
            List.of(new TextContent("a".repeat(bytes))),
            "",
            List.of(),
            FinishReason.STOP,
            TokenUsage.unknown(),
            "");
    return Codec.of(io.ratatoskr.schemas.wire.ChatReply.class, SchemaIds.derived())
        .encode(answer.toWire());
  }

  private Handle handle(Domain domain, Instant made, int partition) {
    RequestId id = RequestId.next(Clock.fixed(made, ZoneOffset.UTC), random);
    byte[] key = new byte[Fingerprint.BYTES];
    random.nextBytes(key);
    return new Handle(
        domain,
        Lane.INTERACTIVE,
        Capability.CHAT,
        id,
        Fingerprint.ofKey(key),
        partition,
        made.plus(KEPT).plusSeconds(600));
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      Handle handle,
      Instant at,
      byte[] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, handle.inboxPartition(), at.toEpochMilli(), handle.key().toKey(), value);
    new ReplyTo(handle.requestId(), new Inbox(handle.inboxPartition(), INBOX))
        .writeTo(record.headers());
    codec.describe(record.headers());
    var _ = producer.send(record);
  }
}
