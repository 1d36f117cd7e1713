package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers see one state of a circuit, whichever of them counts. */
@WithKafka(ownBroker = true)
class CircuitIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "router.store", "memory",
          "retry.max-attempts", "1",
          "circuit.recovery-delay", "PT1.5S");

  @TempDir private Path temp;

  private Router start(TestKafka kafka, String folder) {
    Router router =
        new Router(
            RouterConfig.of(
                    Deployment.allInOne(),
                    temp.resolve(folder),
                    Values.of(RouterConfig.settings(), SETTINGS))
                .withBootstrap(kafka.bootstrapServers()),
            new SimpleMeterRegistry());
    router.start();
    router.awaitRunning(PATIENCE);
    return router;
  }

  private static Standing standing(Router router) {
    return router.health().of("embed", Requests.MODEL);
  }

  private static void await(Router router, Circuit circuit) {
    Awaitility.await().atMost(PATIENCE).until(() -> standing(router).circuit() == circuit);
  }

  @Test
  void modelThatFails_isLeftAloneByAllRouters_untilProbesSucceed(TestKafka kafka) throws Exception {
    RouterIT.createTopics(kafka);
    try (ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers());
        Router first = start(kafka, "first");
        Router second = start(kafka, "second")) {
      worker.ends(() -> Requests.retryable(InferenceError.http("the provider is down")));
      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 0, 6);
      await(first, Circuit.OPEN);
      await(second, Circuit.OPEN);
      assertThat(standing(first).sinceMs()).isEqualTo(standing(second).sinceMs());

      await(first, Circuit.HALF_OPEN);
      await(second, Circuit.HALF_OPEN);
      assertThat(standing(first).probes().values().stream().mapToInt(Integer::intValue).sum())
          .isBetween(1, 3);
      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 10, 11);
      await(first, Circuit.OPEN);

      // Whoever owned the circuit, the other goes on with it.
      first.close(Duration.ofSeconds(10));
      worker.ends(() -> Requests.answered("vector"));
      await(second, Circuit.HALF_OPEN);
      long halfOpenMs = standing(second).sinceMs();
      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 20, 40);
      await(second, Circuit.CLOSED);
      long closedMs = standing(second).sinceMs();
      assertThat(worker.taken())
          .filteredOn(
              work -> work.getDispatchedMs() >= halfOpenMs && work.getDispatchedMs() < closedMs)
          .as("probes")
          .hasSizeBetween(3, 3);
      assertThat(standing(second).executionMs()).isPositive();
      assertThat(worker.failure()).isNull();
    }
  }

  @Test
  void rateLimit_holdsForEveryWorkerOfThePool(TestKafka kafka) throws Exception {
    RouterIT.createTopics(kafka);
    try (ScriptedWorker one = ScriptedWorker.start(kafka.bootstrapServers());
        ScriptedWorker two = ScriptedWorker.start(kafka.bootstrapServers());
        Router router = start(kafka, "limited")) {
      InferenceError later = InferenceError.rateLimited("later").after(Duration.ofSeconds(2));
      one.ends(() -> Requests.retryable(later));
      two.ends(() -> Requests.retryable(later));
      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 100, 101);
      Awaitility.await().atMost(PATIENCE).until(() -> standing(router).notBeforeMs() > 0);
      one.ends(() -> Requests.answered("vector"));
      two.ends(() -> Requests.answered("vector"));

      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 101, 121);
      assertThat(standing(router).circuit()).isEqualTo(Circuit.CLOSED);
      long notBeforeMs = standing(router).notBeforeMs();
      assertThat(Stream.concat(one.taken().stream(), two.taken().stream()))
          .hasSize(21)
          .filteredOn(work -> work.getDispatchedMs() < notBeforeMs)
          .as("sent before the provider wanted to be asked again")
          .hasSize(1);
    }
  }
}
