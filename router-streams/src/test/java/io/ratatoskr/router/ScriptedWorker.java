package io.ratatoskr.router;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A worker that answers everything at once, unless it is told another outcome. */
final class ScriptedWorker implements AutoCloseable {
  private static final Codec<WorkItem> WORK = Codec.of(WorkItem.class, SchemaIds.derived());

  private final String bootstrap;
  private final Thread thread;
  private final Queue<WorkItem> taken = new ConcurrentLinkedQueue<>();
  private volatile Supplier<Object> outcome = () -> Requests.answered("vector");
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  private ScriptedWorker(String bootstrap) {
    this.bootstrap = bootstrap;
    this.thread = Thread.ofPlatform().daemon().name("scripted-worker").unstarted(this::run);
  }

  static ScriptedWorker start(String bootstrap) {
    ScriptedWorker worker = new ScriptedWorker(bootstrap);
    worker.thread.start();
    return worker;
  }

  /** From now on every attempt ends so. */
  void ends(Supplier<Object> newOutcome) {
    outcome = newOutcome;
  }

  /** The work taken so far. */
  List<WorkItem> taken() {
    return List.copyOf(taken);
  }

  @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    Map<String, Object> reads =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            "scripted-worker",
            "auto.offset.reset",
            "earliest");
    Map<String, Object> writes = Map.of("bootstrap.servers", bootstrap, "linger.ms", 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(reads, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(writes, new ByteArraySerializer(), new ByteArraySerializer())) {
      consumer.subscribe(
          Arrays.stream(Lane.values()).map(lane -> Topics.work(lane, "embed")).toList());
      while (!closed) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          WorkItem work = WORK.decode(record.value(), record.headers());
          taken.add(work);
          Lane lane =
              record.topic().equals(Topics.work(Lane.BULK, "embed")) ? Lane.BULK : Lane.INTERACTIVE;
          sent.add(
              producer.send(
                  new ProducerRecord<>(
                      Topics.results(lane),
                      work.getSource().getPartition(),
                      record.key(),
                      Requests.result(work, "w1", "x" + record.offset(), outcome.get()),
                      Requests.resultHeaders())));
        }
        for (Future<RecordMetadata> each : sent) {
          each.get();
        }
      }
    } catch (RuntimeException | InterruptedException | ExecutionException e) {
      failure = e;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
