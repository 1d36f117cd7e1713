package io.ratatoskr.bench;

import io.ratatoskr.schemas.Lane;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What a router's path costs Kafka Streams with nothing decided in it: as many hops, partitions and
 * store writes, as many bytes, one Streams client a lane, and the worker that answers at once.
 */
final class PassThrough {
  /** On its way in a request is written as waiter, alarm and flight. */
  private static final int PUTS_IN = 3;

  /** On its way out the flight is written again; its alarm stands. */
  private static final int PUTS_OUT = 1;

  private static final int KEY_BYTES = 50;
  private static final int VALUE_BYTES = 150;
  private static final String STORE = "store";

  /**
   * Interactive answers are kept: looked for on the way in, written with their time on that out.
   */
  private static final String ANSWERS = "answers";

  private static final int PUTS_OF_ANSWER = 2;
  private static final String PARTITION = "p";

  private PassThrough() {}

  static String requests(Lane lane) {
    return "bench.pass." + lane.topicName() + ".requests";
  }

  static String work(Lane lane) {
    return "bench.pass." + lane.topicName() + ".work";
  }

  static String results(Lane lane) {
    return "bench.pass." + lane.topicName() + ".results";
  }

  static String replies(Lane lane) {
    return "bench.pass." + lane.topicName() + ".replies";
  }

  static List<NewTopic> topics(Lane lane, int partitions, int replyPartitions) {
    short one = 1;
    return List.of(
        new NewTopic(requests(lane), partitions, one)
            .configs(Map.of("message.timestamp.type", "LogAppendTime")),
        new NewTopic(work(lane), 1, one),
        new NewTopic(results(lane), partitions, one),
        new NewTopic(replies(lane), replyPartitions, one));
  }

  static void serve(long start, String bootstrap, int replyBytes) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "pass-");
    List<KafkaStreams> lanes = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(Lane.values().length);
    try {
      for (Lane lane : Lane.values()) {
        KafkaStreams streams = new KafkaStreams(topology(lane), settings(bootstrap, lane, folder));
        lanes.add(streams);
        streams.setStateListener((next, before) -> {
          if (next == KafkaStreams.State.RUNNING) {
            running.countDown();
          }
        });
        streams.start();
      }
      running.await();
      byte[] reply = new byte[replyBytes];
      try (InstantWorker _ =
          new InstantWorker(
              bootstrap,
              Arrays.stream(Lane.values()).map(PassThrough::work).toList(),
              record -> answer(record, reply))) {
        Contender.serve(
            Map.of(
                "peer",
                "pass-through",
                "versions",
                Map.of("kafka", Versions.of("kafka-streams")),
                "settings",
                Map.of(
                    "puts in",
                    PUTS_IN,
                    "puts out",
                    PUTS_OUT,
                    "and of an interactive answer",
                    PUTS_OF_ANSWER),
                "loadSeconds",
                (System.nanoTime() - start) / 1e9),
            (slice, vectors) -> Map.of("texts", 0, "seconds", 0));
      }
    } finally {
      lanes.forEach(KafkaStreams::close);
      Home.delete(folder);
    }
  }

  private static ProducerRecord<byte[], byte[]> answer(
      ConsumerRecord<byte[], byte[]> record, byte[] reply) {
    Lane lane = record.topic().equals(work(Lane.BULK)) ? Lane.BULK : Lane.INTERACTIVE;
    int partition = record.headers().lastHeader(PARTITION).value()[0];
    return new ProducerRecord<>(results(lane), partition, record.key(), reply);
  }

  private static Topology topology(Lane lane) {
    boolean keeps = lane == Lane.INTERACTIVE;
    Topology topology =
        new Topology()
            .addSource(
                "requests",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                requests(lane))
            .addSource(
                "results", new ByteArrayDeserializer(), new ByteArrayDeserializer(), results(lane))
            .addProcessor("in", () -> new Puts(PUTS_IN, true, keeps), "requests")
            .addProcessor("out", () -> new Puts(PUTS_OUT, false, keeps), "results")
            .addStateStore(store(STORE).withLoggingEnabled(Map.of()), "in", "out")
            .addSink("work", work(lane), new ByteArraySerializer(), new ByteArraySerializer(), "in")
            .addSink(
                "replies",
                replies(lane),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (topic, key, value, partitions) -> Optional.of(Set.of(0)),
                "out");
    return keeps
        ? topology.addStateStore(store(ANSWERS).withLoggingDisabled(), "in", "out")
        : topology;
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
  }

  /** The router's own, where they matter to speed. */
  private static Properties settings(String bootstrap, Lane lane, Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-pass-" + lane.topicName());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.producerPrefix("linger.ms"), lane == Lane.BULK ? 5 : 0);
    return properties;
  }

  private static final class Puts implements Processor<byte[], byte[], byte[], byte[]> {
    private final int puts;
    private final boolean in;
    private final boolean keeps;
    private @Nullable KeyValueStore<Bytes, byte[]> answers;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;

    @SuppressWarnings("NullAway.Init") // Kafka calls init before anything else
    Puts(int puts, boolean in, boolean keeps) {
      this.puts = puts;
      this.in = in;
      this.keeps = keeps;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> newContext) {
      context = newContext;
      store = newContext.getStateStore(STORE);
      answers = keeps ? newContext.getStateStore(ANSWERS) : null;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      store.get(key(record, 0));
      for (int i = 0; i < puts; i++) {
        store.put(key(record, i), new byte[VALUE_BYTES]);
      }
      if (answers != null) {
        answer(answers, record);
      }
      if (in) {
        int partition = context.taskId().partition();
        record.headers().add(PARTITION, new byte[] {(byte) partition});
      }
      context.forward(record);
    }

    private void answer(KeyValueStore<Bytes, byte[]> answers, Record<byte[], byte[]> record) {
      answers.get(key(record, 0));
      for (int i = 0; !in && i < PUTS_OF_ANSWER; i++) {
        answers.put(key(record, i), i == 0 ? record.value() : new byte[Integer.BYTES]);
      }
    }

    /** Like a flight's, waiter's or alarm's. */
    private static Bytes key(Record<byte[], byte[]> record, int number) {
      byte[] own = record.key();
      return Bytes.wrap(
          ByteBuffer.allocate(KEY_BYTES)
              .put((byte) number)
              .put(own, 0, Math.min(own.length, KEY_BYTES - 1))
              .array());
    }
  }
}
