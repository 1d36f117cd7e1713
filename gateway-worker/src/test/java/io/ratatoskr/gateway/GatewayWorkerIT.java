package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.TestPool;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

@WithKafka(ownBroker = true)
class GatewayWorkerIT {

  @Test
  void worker_requestOfEachCapability_refusedAtOnceWithARemedy(TestKafka kafka) {
    List<String> capabilities = List.of("chat", "generate");
    try (TestPool pool = new TestPool(kafka);
        Engine<?> engine = GatewayEngine.withoutProvider();
        Worker worker =
            Worker.start(
                pool.config(WorkerConfig.QueueChoice.AUTO), engine, new SimpleMeterRegistry())) {
      for (String capability : capabilities) {
        pool.send(Lane.INTERACTIVE, capability, pool.item("x").setCapability(capability).build());
      }

      assertThat(worker.shared()).isEqualTo(false);
      for (String capability : capabilities) {
        ErrorRecord error = ((Rejected) pool.awaitOutcome(capability)).getError();
        assertThat(error.getCode()).isEqualTo("NoProvider");
        assertThat(error.getMessage()).contains(capability).contains("--base-url");
        assertThat(error.getTransient$()).isFalse();
      }
    }
  }
}
