package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pipeline of one lane serves it, and has nothing of the other. */
class OneLaneIT {
  /** A tiny model that onnx is tested with. */
  private static final Path MODEL =
      Path.of("..", "onnx", "src", "test", "resources", "styles", "bge");

  @TempDir private Path temp;

  @ParameterizedTest
  @EnumSource
  void start_oneLane_servesItAndStartsNothingOfTheOther(Lane lane) throws Exception {
    Lane other = lane == Lane.BULK ? Lane.INTERACTIVE : Lane.BULK;
    PipelineConfig config =
        PipelineConfig.of(
            temp,
            List.of(MODEL.toString()),
            Configuration.of(Configuration.oneClient()).withLanes(EnumSet.of(lane)));
    try (EmbeddedRatatoskr ratatoskr = EmbeddedRatatoskr.start(config);
        Admin admin = Admin.create(Map.of("bootstrap.servers", ratatoskr.bootstrap()))) {
      RequestOptions options =
          RequestOptions.defaults().withLane(lane).withTimeout(Duration.ofMinutes(2));

      assertThat(
              ratatoskr.embed(EmbedRequest.of("bge", "a cat").withOptions(options)).join().vector())
          .hasSize(4);

      assertThat(ratatoskr.health().parts())
          .containsEntry("router " + lane.topicName(), "running")
          .doesNotContainKey("router " + other.topicName());
      assertThat(admin.listTopics().names().get())
          .anyMatch(topic -> topic.contains(lane.topicName()))
          .noneMatch(topic -> topic.contains(other.topicName()));
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .anyMatch(name -> name.contains(lane.topicName()))
          .noneMatch(name -> name.contains(other.topicName()));
    }
  }
}
