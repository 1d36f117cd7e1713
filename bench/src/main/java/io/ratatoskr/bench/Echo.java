package io.ratatoskr.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What two hops through Kafka cost with nothing in them: a record is produced, another process
 * consumes it and produces an answer of the size of a real reply, which is consumed here. Its
 * clients are set up for latency, as the pipeline's are.
 */
final class Echo implements AutoCloseable {
  static final String THERE = "bench.echo.there";
  static final String BACK = "bench.echo.back";
  private static final Duration POLL = Duration.ofMillis(100);

  private final String there;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Long, CompletableFuture<Void>> pending = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private final Thread reader;
  private volatile boolean closed;

  Echo(String bootstrap) {
    this(bootstrap, THERE, BACK);
  }

  /** Between topics that something else answers, with the request's key, in partition 0 of both. */
  Echo(String bootstrap, String there, String back) {
    this.there = there;
    this.producer = producer(bootstrap);
    CompletableFuture<Void> positioned = new CompletableFuture<>();
    this.reader =
        Thread.ofPlatform().name("echo-reader").start(() -> read(bootstrap, back, positioned));
    positioned.join();
  }

  private static void createTopics(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(
              List.of(new NewTopic(THERE, 1, (short) 1), new NewTopic(BACK, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private void read(String bootstrap, String back, CompletableFuture<Void> positioned) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap, back)) {
      positioned.complete(null);
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> reply : consumer.poll(POLL)) {
          CompletableFuture<Void> waiting = pending.remove(ByteBuffer.wrap(reply.key()).getLong());
          if (waiting != null) {
            waiting.complete(null);
          }
        }
      }
    } catch (RuntimeException e) {
      positioned.completeExceptionally(e);
      throw e;
    }
  }

  /** There and back, in nanoseconds. */
  long roundTrip(byte[] value) throws Exception {
    long id = next.getAndIncrement();
    CompletableFuture<Void> answered = new CompletableFuture<>();
    pending.put(id, answered);
    byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    long begin = System.nanoTime();
    var _ = producer.send(new ProducerRecord<>(there, 0, key, value));
    answered.get(10, TimeUnit.SECONDS);
    return System.nanoTime() - begin;
  }

  /** Starts the other end, in a process of its own, and makes the topics between. */
  static Contender startServer(String bootstrap, int dimensions) throws Exception {
    createTopics(bootstrap);
    String replyBytes = Integer.toString(dimensions * Float.BYTES + 200);
    return Contender.start(
        "echo",
        Contender.bench("contender", "echo", "--bootstrap", bootstrap, "--bytes", replyBytes));
  }

  /** The other process: answers until its standard input ends. */
  static void serve(String bootstrap, int replyBytes) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> positioned = new CompletableFuture<>();
    Thread server =
        Thread.ofPlatform()
            .daemon()
            .name("echo-server")
            .start(() -> answer(bootstrap, new byte[replyBytes], positioned, ended));
    positioned.join();
    Contender.serve(
        Map.of("peer", "echo", "versions", Map.of(), "settings", Map.of("reply", replyBytes)),
        (slice, vectors) -> Map.of("texts", 0, "seconds", 0));
    ended.set(true);
    server.join(5_000);
  }

  private static void answer(
      String bootstrap, byte[] reply, CompletableFuture<Void> positioned, AtomicBoolean ended) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap, THERE);
        KafkaProducer<byte[], byte[]> producer = producer(bootstrap)) {
      positioned.complete(null);
      while (!ended.get()) {
        for (ConsumerRecord<byte[], byte[]> request : consumer.poll(POLL)) {
          var _ = producer.send(new ProducerRecord<>(BACK, 0, request.key(), reply));
        }
      }
    } catch (RuntimeException e) {
      positioned.completeExceptionally(e);
      throw e;
    }
  }

  static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "linger.ms", "0", "acks", "all"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** A consumer of partition 0 of these topics, from their ends on. */
  static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, String... topics) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Arrays.stream(topics).map(topic -> new TopicPartition(topic, 0)).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(1));
  }
}
