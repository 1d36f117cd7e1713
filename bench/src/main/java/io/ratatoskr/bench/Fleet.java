package io.ratatoskr.bench;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.ModelState;
import io.ratatoskr.schemas.wire.ModelStatus;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Pools of embedding workers that only give signs of life: models and workers are dealt to the
 * pools in turn, and each worker has all models of its pool.
 *
 * @param pools at least one, beside those that come with the program
 * @param models of all pools
 * @param workers of all pools
 */
record Fleet(int pools, int models, int workers) {
  private static final long HEARTBEAT_MS = 1_000;

  String model(int number) {
    return "model-" + number % models;
  }

  private static String pool(int number) {
    return "pool-" + number;
  }

  /** Its pools, and those that come with the program. */
  Pools all() {
    List<WorkerPool> all = new ArrayList<>(Pools.standard().all());
    for (int i = 0; i < pools; i++) {
      all.add(
          new WorkerPool(
              pool(i),
              Set.of(Capability.EMBED),
              WorkerPool.Taking.SHARED,
              Duration.ofMinutes(1),
              Location.LOCAL));
    }
    return new Pools(all);
  }

  List<String> workTopics(Lane lane) {
    return IntStream.range(0, pools).mapToObj(i -> Topics.work(lane, pool(i))).toList();
  }

  /** A policy that writes its pools, a profile and an alias of each model, and a first choice. */
  String policy() {
    StringBuilder policy = new StringBuilder();
    for (int i = 0; i < pools; i++) {
      policy.append("[[pools]]\nname = \"%s\"\ncapabilities = [\"embed\"]\n".formatted(pool(i)));
    }
    policy.append("[routing]\nembed = \"%s\"\n[routing.aliases]\n".formatted(pool(0)));
    for (int i = 0; i < models; i++) {
      policy.append("\"alias-%d\" = \"%s\"\n".formatted(i, model(i)));
    }
    for (int i = 0; i < models; i++) {
      policy.append(
          "[[profiles]]\nmodel = \"%s\"\ndisplay-name = \"Model %d\"\n".formatted(model(i), i));
    }
    return policy.toString();
  }

  /** Sends the heartbeats of all workers every second until it is closed. */
  AutoCloseable alive(String bootstrap) {
    Codec<WorkerStatus> codec = Codec.of(WorkerStatus.class, SchemaIds.derived());
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    var _ =
        beat.scheduleAtFixedRate(
            () -> {
              for (int i = 0; i < workers; i++) {
                ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(
                        Topics.catalog(),
                        ("worker-" + i).getBytes(StandardCharsets.UTF_8),
                        codec.encode(status(i)));
                codec.describe(record.headers());
                var _ = producer.send(record);
              }
            },
            0,
            HEARTBEAT_MS,
            TimeUnit.MILLISECONDS);
    return () -> {
      beat.close();
      producer.close();
    };
  }

  private WorkerStatus status(int worker) {
    int pool = worker % pools;
    return WorkerStatus.newBuilder()
        .setWorker("worker-" + worker)
        .setPool(pool(pool))
        .setCapabilities(List.of(Capability.EMBED.topicName()))
        .setModels(
            IntStream.range(0, models)
                .filter(model -> model % pools == pool)
                .mapToObj(model ->
                    ModelStatus.newBuilder()
                        .setId(model(model))
                        .setState(ModelState.READY)
                        .setReason(null)
                        .setSpaceId("space-" + model)
                        .setDimensions(384)
                        .build())
                .toList())
        .setStartedMs(1L)
        .setClockMs(System.currentTimeMillis())
        .setVersion("bench")
        .build();
  }
}
