package io.ratatoskr.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.settings.Values;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A router and a worker that answers at once. */
final class RouterContender {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String BULK_WORK = Topics.work(Lane.BULK, "");

  private final Codec<WorkItem> work = Codec.of(WorkItem.class, SchemaIds.derived());
  private final Codec<WorkResult> results = Codec.of(WorkResult.class, SchemaIds.derived());
  private final byte[] payload;

  private RouterContender(int replyBytes) {
    this.payload = new byte[replyBytes];
  }

  /**
   * @param pools of a {@link Fleet}, which answer in place of the one that comes with the program;
   *     0 for none
   */
  static void serve(long start, String bootstrap, int replyBytes, int pools) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "router-");
    RouterContender contender = new RouterContender(replyBytes);
    RouterConfig config =
        RouterConfig.of(Deployment.allInOne(), folder.resolve("state"), Values.none())
            .withBootstrap(bootstrap);
    try (Router router = new Router(config, new SimpleMeterRegistry())) {
      router.start();
      router.awaitRunning(PATIENCE);
      try (InstantWorker _ =
          new InstantWorker(
              bootstrap,
              Arrays.stream(Lane.values())
                  .flatMap(lane -> workTopics(lane, pools).stream())
                  .toList(),
              contender::answer)) {
        Contender.serve(
            Map.of(
                "peer",
                "router",
                "versions",
                Map.of("kafka", Versions.of("kafka-clients")),
                "settings",
                Map.of("defaults", "RouterConfig"),
                "loadSeconds",
                (System.nanoTime() - start) / 1e9),
            (slice, vectors) -> Map.of("texts", 0, "seconds", 0));
      }
    } finally {
      Home.delete(folder);
    }
  }

  private static List<String> workTopics(Lane lane, int pools) {
    return pools == 0
        ? List.of(Topics.work(lane, Pools.standard().serving(Capability.EMBED).getFirst().name()))
        : new Fleet(pools, pools, pools).workTopics(lane);
  }

  private ProducerRecord<byte[], byte[]> answer(ConsumerRecord<byte[], byte[]> record) {
    WorkItem item = work.decode(record.value(), record.headers());
    WorkResult result =
        WorkResult.newBuilder()
            .setGeneration(item.getGeneration())
            .setAttempt(item.getAttempt())
            .setLink(item.getLink())
            .setSource(item.getSource())
            .setWorker("instant")
            .setExecution(Long.toString(record.offset()))
            .setOutcome(
                new Answered(
                    ByteBuffer.wrap(payload),
                    Provenance.newBuilder()
                        .setProvider("instant")
                        .setModel("instant")
                        .setWorker("instant")
                        .build(),
                    new Timings(0L, 0L),
                    0L,
                    null))
            .build();
    Lane lane = record.topic().startsWith(BULK_WORK) ? Lane.BULK : Lane.INTERACTIVE;
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(
            Topics.results(lane),
            item.getSource().getPartition(),
            record.key(),
            results.encode(result));
    results.describe(sent.headers());
    return sent;
  }
}
