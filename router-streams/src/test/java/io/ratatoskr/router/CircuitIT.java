package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers see one state of a circuit, whichever of them counts, and follow one policy. */
@WithKafka(ownBroker = true)
class CircuitIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Codec<WorkItem> WORK = Codec.of(WorkItem.class, SchemaIds.derived());

  /** So many requests that each partition gets some. */
  private static final int ROUND = 16;

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

  /** Puts a policy in force, and waits until requests of all partitions are routed by it. */
  private static void applyAlias(TestKafka kafka, String alias) throws Exception {
    String policy =
        "[routing.aliases]\n%s = \"%s\"\n[retry]\nmax-attempts = 1\n"
            .formatted(alias, Requests.MODEL);
    new PolicyTopic(Map.of("bootstrap.servers", kafka.bootstrapServers()), PATIENCE)
        .apply(PolicyFile.parse("policy.toml", policy));
    AtomicInteger number = new AtomicInteger(1_000);
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(modelsOf(kafka, alias, number.getAndAdd(ROUND)))
                .hasSize(ROUND)
                .containsOnly(Requests.MODEL));
  }

  /** What workers are asked for where requests name that model. */
  private static List<String> modelsOf(TestKafka kafka, String model, int from) {
    Set<Fingerprint> asked = new HashSet<>();
    for (int i = from; i < from + ROUND; i++) {
      Request request = Request.of(i, "text " + i).ofModel(model).within(PATIENCE);
      asked.add(request.fingerprint());
      kafka.send(
          new ProducerRecord<>(
              Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, Capability.EMBED),
              null,
              request.fingerprint().toKey(),
              request.value(),
              request.headers()));
    }
    return kafka
        .read(
            Topics.work(Lane.INTERACTIVE, "embed"),
            records ->
                records.stream()
                    .map(record -> Fingerprint.ofKey(record.key()))
                    .collect(Collectors.toSet())
                    .containsAll(asked))
        .stream()
        .filter(record -> asked.contains(Fingerprint.ofKey(record.key())))
        .map(record -> WORK.decode(record.value(), record.headers()).getModel())
        .toList();
  }

  /** A worker of routers that both have open requests, routed by a policy applied meanwhile. */
  private static ScriptedWorker startOnceBothFollow(TestKafka kafka, Router first, Router second)
      throws Exception {
    applyAlias(kafka, "house");
    assertThat(List.of(first, second)).noneMatch(CircuitIT::isIdle);
    ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers());
    Awaitility.await().atMost(PATIENCE).until(() -> isIdle(first) && isIdle(second));
    return worker;
  }

  private static boolean isIdle(Router router) {
    return router.openRequests().filter(Map::isEmpty).isPresent();
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
    try (Router first = start(kafka, "first");
        Router second = start(kafka, "second");
        ScriptedWorker worker = startOnceBothFollow(kafka, first, second)) {
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
