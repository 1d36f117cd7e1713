package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.Test;

/** A broker on which share groups are not enabled, as on those of earlier releases. */
@WithKafka(ownBroker = true)
class NoShareGroupsIT {

  @Test
  void start_auto_takesWorkThroughAConsumerGroup(TestKafka kafka)
      throws ExecutionException, InterruptedException {
    kafka
        .admin()
        .updateFeatures(
            Map.of("share.version", new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)),
            new UpdateFeaturesOptions())
        .all()
        .get();

    try (TestPool pool = new TestPool(kafka);
        HashEngine engine = HashEngine.free();
        Worker worker =
            Worker.start(
                pool.config(WorkerConfig.QueueChoice.AUTO), engine, new SimpleMeterRegistry())) {
      assertThat(worker.shared()).isFalse();
      pool.send(Lane.INTERACTIVE, "one", "two");
      pool.awaitOutcomes(List.of("one", "two"));
    }
  }
}
