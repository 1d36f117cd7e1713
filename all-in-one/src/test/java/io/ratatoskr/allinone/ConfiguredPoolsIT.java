package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.router.PolicyTopic;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.Layers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool that only a file names is asked while it has a worker, and the usual one otherwise; a
 * queue that only an applied policy names is used without a restart.
 */
class ConfiguredPoolsIT {
  /** A tiny model that onnx is tested with. */
  private static final String MODEL =
      Path.of("..", "onnx", "src", "test", "resources", "styles", "bge").toString();

  private static final RequestOptions PATIENT =
      RequestOptions.defaults().withTimeout(Duration.ofMinutes(2)).withTenant("acme");

  @TempDir private Path temp;

  private Configuration configuration() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("ratatoskr.toml"),
            """
            [[pools]]
            name = "embed-gpu"
            capabilities = ["embed"]

            [[pools]]
            name = "embed"
            capabilities = ["embed"]

            [workers]
            pool = "embed-gpu"
            """);
    return Configuration.of(
        Layers.of(Configuration.known(), Layers.Surroundings.none())
            .withFile(file)
            .read()
            .over(Configuration.oneClient()));
  }

  private static String answeredBy(EmbeddedRatatoskr ratatoskr, String text) {
    EmbedReply reply = ratatoskr.embed(EmbedRequest.of("bge", text).withOptions(PATIENT)).join();
    assertThat(reply.vector()).hasSize(4);
    return reply.provenance().worker();
  }

  private static void awaitFact(EmbeddedRatatoskr ratatoskr, String pool, String fact) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> fact.equals(ratatoskr.health().facts().get(pool)));
  }

  @Test
  void poolOfAFile_isAskedWhileItsWorkerIsThere_andAQueueOfAPolicyOnceItIsTakenFrom()
      throws Exception {
    Configuration configuration = configuration();
    WorkerKind.Assignment assigned = WorkerKind.assign(List.of(MODEL), configuration);
    PipelineConfig config = PipelineConfig.of(temp.resolve("data"), List.of(MODEL), configuration);
    try (EmbeddedRatatoskr ratatoskr = EmbeddedRatatoskr.start(config);
        Admin admin = Admin.create(Map.of("bootstrap.servers", ratatoskr.bootstrap()))) {
      assertThat(admin.listTopics().names().get())
          .contains(Topics.work(Lane.INTERACTIVE, "embed-gpu"), Topics.work(Lane.BULK, "embed-gpu"))
          .contains(Topics.work(Lane.BULK, "nli"));
      awaitFact(ratatoskr, "pool embed", "1 worker alive; ready: bge");
      assertThat(ratatoskr.health().facts()).containsEntry("pool embed-gpu", "0 workers alive");
      assertThat(answeredBy(ratatoskr, "first")).startsWith("embed-").doesNotStartWith("embed-gpu");

      Configuration joining = assigned.configuration().withBootstrap(ratatoskr.bootstrap());
      try (PoolWorkers second =
          PoolWorkers.start(WorkerKind.EMBED, joining, new SimpleMeterRegistry())) {
        awaitFact(ratatoskr, "pool embed-gpu", "1 worker alive; ready: bge");
        assertThat(second.names()).startsWith("embed-gpu-");
        assertThat(answeredBy(ratatoskr, "second")).isEqualTo(second.names());
      }
      awaitFact(ratatoskr, "pool embed-gpu", "0 workers alive");
      assertThat(answeredBy(ratatoskr, "third")).startsWith("embed-").doesNotStartWith("embed-gpu");

      applyAQueue(admin, ratatoskr.bootstrap());
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> {
            answeredBy(ratatoskr, "of acme " + System.nanoTime());
            return written(admin, Topics.work(Lane.INTERACTIVE, "embed", "acme")) > 0;
          });
    }
  }

  private void applyAQueue(Admin admin, String bootstrap) throws Exception {
    new TopicCreation(admin, Duration.ofMinutes(1))
        .create(
            configuration()
                .queueTopics(
                    EnumSet.allOf(Lane.class), Map.of("embed", 1), Map.of("embed", Set.of("acme"))),
            (short) 1);
    new PolicyTopic(Map.of("bootstrap.servers", bootstrap), Duration.ofMinutes(1))
        .apply(
            PolicyFile.parse(
                "policy.toml",
                "[[queues]]\nname = 'acme'\npools = ['embed']\ntenants = ['acme']\n"));
  }

  private static long written(Admin admin, String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }
}
