package io.ratatoskr.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.router.RouterException;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.Values;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.HashEngine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import io.ratatoskr.worker.WorkerStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A broker that forbids a topic: whoever needs it says which topic, what for and how to allow it;
 * what does not need it goes on.
 */
class ForbiddenTopicIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Too short for a busy machine, where the outcome is awaited again. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private static Path temp;
  private static EmbeddedKafka kafka;
  private static Admin admin;
  private static HashEngine engine;
  private static Router router;
  private static Worker worker;
  private static KafkaRatatoskr client;

  private static String requests(Lane lane) {
    return Topics.requests(Domain.DEFAULT, lane, Capability.EMBED);
  }

  private static String work(Lane lane) {
    return Topics.work(lane, WorkerKind.EMBED.usualPool());
  }

  @BeforeAll
  static void start() {
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaConfig.in(temp.resolve("kafka"))
                .withBrokerProperty(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .withBrokerProperty("allow.everyone.if.no.acl.found", "true"));
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    new TopicCreation(admin, PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
    router = router("router");
    router.start();
    router.awaitRunning(PATIENCE);
    engine = HashEngine.free();
    worker = worker("worker");
    client = KafkaRatatoskr.connect(ClientConfig.of(kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    client.close();
    worker.close();
    engine.close();
    router.close();
    admin.close();
    kafka.close();
  }

  private static Router router(String name) {
    return new Router(
        RouterConfig.of(
                Deployment.allInOne(),
                temp.resolve(name),
                Values.of(RouterConfig.settings(), Map.of("router.store", "memory")))
            .withBootstrap(kafka.bootstrapServers()),
        new SimpleMeterRegistry());
  }

  private static Worker worker(String id) {
    return worker(id, engine);
  }

  private static Worker worker(String id, Engine<?> inferring) {
    WorkerConfig config =
        WorkerConfig.of(
            Values.of(
                WorkerConfig.settings(),
                Map.of(
                    "kafka.bootstrap",
                    kafka.bootstrapServers(),
                    "workers.pool",
                    WorkerKind.EMBED.usualPool(),
                    "workers.id",
                    id)));
    return Worker.start(config, inferring, new SimpleMeterRegistry());
  }

  private static void forbid(String topic, AclOperation operation) {
    ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
    List<AclBinding> entries =
        List.of(
            new AclBinding(resource, entry(AclOperation.ALL, AclPermissionType.ALLOW)),
            new AclBinding(resource, entry(operation, AclPermissionType.DENY)));
    await(admin.createAcls(entries).all().toCompletionStage().toCompletableFuture());
    // The controller has them; the broker, which is asked here, follows.
    AclBindingFilter mine = new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY);
    eventually()
        .until(() ->
            await(admin.describeAcls(mine).values().toCompletionStage().toCompletableFuture())
                    .size()
                == entries.size());
  }

  private static AccessControlEntry entry(AclOperation operation, AclPermissionType type) {
    return new AccessControlEntry("User:*", "*", operation, type);
  }

  @AfterEach
  void allowEverything() {
    AclBindingFilter all =
        new AclBindingFilter(ResourcePatternFilter.ANY, AccessControlEntryFilter.ANY);
    await(admin.deleteAcls(List.of(all)).all().toCompletionStage().toCompletableFuture());
    // A client learns at its next look that it may read again.
    for (Lane lane : Lane.values()) {
      eventually().ignoreExceptions().until(() -> served(lane));
    }
  }

  /** The router's threads that meet what is forbidden die, which is for the router to mend. */
  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).dontCatchUncaughtExceptions();
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE.toSeconds(), SECONDS).join();
  }

  private static CompletableFuture<EmbedReply> embed(
      KafkaRatatoskr by, Lane lane, Duration within, String text) {
    return by.embed(
        EmbedRequest.of(HashEngine.MODEL, text)
            .withOptions(RequestOptions.defaults().withLane(lane).withTimeout(within)));
  }

  private static boolean served(Lane lane) {
    String text = "served on " + lane;
    return Arrays.equals(
        await(embed(client, lane, PATIENCE, text)).vector(),
        HashEngine.vector(text, FaultRole.DIMENSIONS));
  }

  private static void assertServes(Lane lane) {
    assertThat(served(lane)).isTrue();
  }

  private static void assertRefused(
      ThrowingCallable start, Class<?> type, String topic, String verb) {
    assertThatThrownBy(start)
        .isInstanceOf(type)
        .hasMessageContaining(topic)
        .hasMessageContaining(verb + " is forbidden")
        .hasMessageContaining("kafka-acls");
  }

  @Test
  void routerThatMayNotWriteReplies_saysSoAtItsStart() {
    String topic = Topics.replies(Domain.DEFAULT, Lane.BULK);
    forbid(topic, AclOperation.WRITE);

    try (Router second = router("no-replies")) {
      assertRefused(second::start, RouterException.Forbidden.class, topic, "write");
    }
    assertServes(Lane.INTERACTIVE);
  }

  @Test
  void routerThatMayNotSeeATopic_doesNotCallItMissing() {
    forbid(Topics.results(Lane.BULK), AclOperation.DESCRIBE);

    try (Router second = router("no-results")) {
      assertRefused(
          second::start, RouterException.Forbidden.class, Topics.results(Lane.BULK), "describe");
    }
  }

  @Test
  void workerThatMayNotTakeWork_saysSoAtItsStart() {
    forbid(work(Lane.BULK), AclOperation.READ);

    assertRefused(
        () -> worker("no-work").close(), WorkerStartException.class, work(Lane.BULK), "read");
    assertServes(Lane.INTERACTIVE);
  }

  @Test
  void workerThatMayNotPublish_saysSoAtItsStart() {
    forbid(Topics.results(Lane.BULK), AclOperation.WRITE);

    assertRefused(
        () -> worker("no-results").close(),
        WorkerStartException.class,
        Topics.results(Lane.BULK),
        "write");
    assertServes(Lane.INTERACTIVE);
  }

  @Test
  void workerThatStreamsAndMayNotReply_saysSoAtItsStart() {
    String replies = Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE);
    forbid(replies, AclOperation.WRITE);

    try (Engine<?> streaming =
        Engine.refusing(
            Set.of(Capability.CHAT), true, asked -> InferenceError.invalidInput("no chat here"))) {
      assertRefused(
          () -> worker("no-streams", streaming).close(),
          WorkerStartException.class,
          replies,
          "write");
    }
    worker("none-needed").close();
  }

  @Test
  void clientThatMayNotAsk_isToldWhichTopicAndOthersAreServed() {
    forbid(requests(Lane.BULK), AclOperation.WRITE);

    assertThatThrownBy(() -> await(embed(client, Lane.BULK, PATIENCE, "not allowed")))
        .cause()
        .isInstanceOf(PipelineUnreachableException.class)
        .hasMessageContaining(requests(Lane.BULK))
        .hasMessageContaining("forbidden")
        .hasMessageContaining("kafka-acls");
    assertServes(Lane.INTERACTIVE);
  }

  @Test
  void clientThatMayNotReadItsReplies_isToldWhichTopic() {
    String topic = Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE);
    forbid(topic, AclOperation.READ);

    try (KafkaRatatoskr deaf = KafkaRatatoskr.connect(ClientConfig.of(kafka.bootstrapServers()))) {
      eventually()
          .untilAsserted(() ->
              assertThatThrownBy(() -> await(embed(deaf, Lane.INTERACTIVE, SOON, "never heard")))
                  .cause()
                  .isInstanceOf(PipelineUnreachableException.class)
                  .hasMessageContaining(topic)
                  .hasMessageContaining("forbidden"));
    }
    assertServes(Lane.BULK);
  }

  @Test
  void workForbiddenWhileWorkersRun_waitsAndTheOtherLaneGoesOn() {
    forbid(work(Lane.BULK), AclOperation.READ);
    List<CompletableFuture<EmbedReply>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(embed(client, Lane.BULK, PATIENCE, "patient " + i));
    }
    assertServes(Lane.INTERACTIVE);

    allowEverything();

    for (int i = 0; i < waiting.size(); i++) {
      assertThat(await(waiting.get(i)).vector())
          .isEqualTo(HashEngine.vector("patient " + i, FaultRole.DIMENSIONS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void repliesForbiddenWhileTheRouterRuns_waitAndTheOtherLaneGoesOn(Lane forbidden) {
    Lane other = forbidden == Lane.BULK ? Lane.INTERACTIVE : Lane.BULK;
    Set<Thread> serving = threads(other);
    List<Duration> usual = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      usual.add(asked(other, forbidden + " allowed, " + i));
    }
    assertThat(serving).isNotEmpty();

    forbid(Topics.replies(Domain.DEFAULT, forbidden), AclOperation.WRITE);
    CompletableFuture<EmbedReply> waiting = embed(client, forbidden, PATIENCE, "unheard");
    eventually()
        .untilAsserted(() ->
            assertThatThrownBy(() -> await(embed(client, forbidden, SOON, "impatient")))
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(RequestFailedException.class))
                .extracting(failed -> failed.error().code())
                .isEqualTo(ErrorCode.EXPIRED));
    assertServes(other);

    // The threads that may not write end and are replaced, three times; those of the other lane
    // are the ones that they were, and take as long as they took.
    Set<Thread> seen = threads(forbidden);
    int replaced = seen.size() + 3;
    List<Duration> meanwhile = new ArrayList<>();
    eventually()
        .until(() -> {
          meanwhile.add(asked(other, forbidden + " forbidden, " + meanwhile.size()));
          seen.addAll(threads(forbidden));
          return seen.size() >= replaced && meanwhile.size() >= usual.size();
        });
    assertThat(threads(other)).isEqualTo(serving).allMatch(Thread::isAlive);
    assertThat(router.states()).containsEntry(other, Router.State.RUNNING);
    assertThat(median(meanwhile)).isLessThan(median(usual).multipliedBy(5).plus(SOON));

    allowEverything();

    assertThat(await(waiting).vector())
        .isEqualTo(HashEngine.vector("unheard", FaultRole.DIMENSIONS));
    eventually().until(() -> router.state() == Router.State.RUNNING);
  }

  /** The router's stream threads of a lane that live. */
  private static Set<Thread> threads(Lane lane) {
    String application = "ratatoskr-router-" + lane.topicName() + "-";
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(application))
        .filter(thread -> thread.getName().contains("-StreamThread-"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** How long one request takes. */
  private static Duration asked(Lane lane, String text) {
    long begin = System.nanoTime();
    assertThat(await(embed(client, lane, PATIENCE, text)).vector())
        .isEqualTo(HashEngine.vector(text, FaultRole.DIMENSIONS));
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static Duration median(List<Duration> durations) {
    return durations.stream().sorted().toList().get(durations.size() / 2);
  }
}
