package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A router's process is killed when the changelog has the new state and the record that follows
 * from it has not been sent. Its successor sends it, once.
 */
@ExtendWith(ProcessKiller.Extension.class)
class KilledRouterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Codec<WorkItem> WORK = Codec.of(WorkItem.class, SchemaIds.derived());
  private static final Codec<Reply> REPLY = Codec.of(Reply.class, SchemaIds.derived());
  private static final Object FAILURE = Requests.retryable(InferenceError.http("reset"));

  private TestKafka kafka;
  private ProcessKiller killer;
  private final Request request = Request.of(1, "x").within(Duration.ofMinutes(10));
  private final Request neighbour = Request.of(2, "y").within(Duration.ofMinutes(10));

  @TempDir private Path folder;

  @BeforeEach
  void createTopics(TestKafka ownKafka, ProcessKiller ownKiller) {
    kafka = ownKafka;
    killer = ownKiller;
    new TopicCreation(kafka.admin(), PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
  }

  private ChildJvm startRouter(Sink sink, int nth, int attempts) {
    RouterConfig config = RouterProcess.config(kafka.bootstrapServers(), folder, attempts);
    ChildJvm router = killer.start(RouterProcess.command(config, sink, nth, attempts));
    router.awaitLine(RouterProcess.ROUTING, PATIENCE);
    return router;
  }

  /** Kills the router where it stands, once so many states of the flight are in the changelog. */
  private void killStanding(ChildJvm router, int states) {
    router.awaitLine(RouterProcess.STANDING, PATIENCE);
    String changelog =
        ChangelogTopics.of(
            Lane.INTERACTIVE, RouterProcess.config(kafka.bootstrapServers(), folder, 1));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            kafka.read(changelog, 1).stream().filter(entry -> entry.key()[0] == 'F').count()
                >= states);
    router.kill();
  }

  private Router restartRouter(int attempts) {
    Router router =
        new Router(
            RouterProcess.config(kafka.bootstrapServers(), folder, attempts),
            new SimpleMeterRegistry());
    router.start();
    router.awaitRunning(PATIENCE);
    return router;
  }

  @Test
  @WithKafka(ownBroker = true)
  void killedBeforeWorkIsSent_successorSendsIt() {
    ChildJvm router = startRouter(Sink.WORK, 1, 3);
    send(request);
    killStanding(router, 1);
    assertThat(count(Topics.work(Lane.INTERACTIVE, "embed"))).isZero();

    try (Router successor = restartRouter(3)) {
      report(request, work(1).getFirst(), Requests.answered("v"));
      assertThat(replies(request, 1)).containsExactly("v");
      assertServes();
      assertThat(replies(request, 1)).containsExactly("v");
      assertThat(successor.state()).isEqualTo(Router.State.RUNNING);
    }
  }

  @Test
  @WithKafka(ownBroker = true)
  void killedBeforeAFailureIsTold_successorTellsIt() {
    ChildJvm router = startRouter(Sink.REPLIES, 1, 1);
    send(request);
    report(request, work(1).getFirst(), FAILURE);
    killStanding(router, 2);
    assertThat(count(Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE))).isZero();

    try (Router successor = restartRouter(1)) {
      assertThat(replies(request, 1)).containsExactly("Http");
      assertServes();
      assertThat(replies(request, 1)).containsExactly("Http");
      assertThat(count(Topics.work(Lane.INTERACTIVE, "embed"))).isEqualTo(2);
      assertThat(successor.state()).isEqualTo(Router.State.RUNNING);
    }
  }

  @Test
  @WithKafka(ownBroker = true)
  void killedBeforeTheRetryOfAnAlarmIsSent_successorSendsIt() {
    ChildJvm router = startRouter(Sink.WORK, 2, 3);
    send(request);
    report(request, work(1).getFirst(), FAILURE);
    killStanding(router, 3);
    assertThat(count(Topics.work(Lane.INTERACTIVE, "embed"))).isEqualTo(1);

    try (Router successor = restartRouter(3)) {
      List<WorkItem> work = work(2);
      assertThat(work).extracting(WorkItem::getAttempt).containsExactly(1, 2);
      report(request, work.get(1), Requests.answered("v"));
      assertThat(replies(request, 1)).containsExactly("v");
      assertServes();
      assertThat(replies(request, 1)).containsExactly("v");
      assertThat(successor.state()).isEqualTo(Router.State.RUNNING);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Sink.class,
      names = {"REPLIES", "ABORTS"})
  @WithKafka(ownBroker = true)
  void killedBeforeACancellationIsTold_successorTellsIt(Sink sink) {
    ChildJvm router = startRouter(sink, 1, 1);
    send(request);
    work(1);
    cancel(request);
    if (sink == Sink.ABORTS) {
      assertThat(replies(request, 1)).containsExactly("Cancelled");
    }
    killStanding(router, 2);
    assertThat(count(Topics.aborts())).isZero();

    try (Router successor = restartRouter(1)) {
      assertThat(replies(request, 1)).containsOnly("Cancelled");
      assertThat(kafka.read(Topics.aborts(), 1)).hasSize(1);
      send(neighbour);
      report(neighbour, work(2).getLast(), Requests.answered("w"));
      Awaitility.await().atMost(PATIENCE).until(() -> replies(neighbour, 1).contains("w"));
      assertThat(replies(request, 1)).containsOnly("Cancelled");
      assertThat(count(Topics.work(Lane.INTERACTIVE, "embed"))).isEqualTo(2);
      assertThat(successor.state()).isEqualTo(Router.State.RUNNING);
    }
  }

  private void cancel(Request sent) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.cancellations(Domain.DEFAULT, Lane.INTERACTIVE),
            null,
            sent.fingerprint().toKey(),
            null);
    new Cancellation.OfRequest(sent.id()).writeTo(record.headers());
    kafka.send(record);
  }

  /** Another request goes the whole way. */
  private void assertServes() {
    int before = count(Topics.work(Lane.INTERACTIVE, "embed"));
    send(neighbour);
    List<WorkItem> work = work(before + 1);
    assertThat(work).hasSize(before + 1);
    WorkItem latest =
        work.stream().filter(item -> item.getPayload() != null).reduce((a, b) -> b).orElseThrow();
    report(neighbour, latest, Requests.answered("w"));
    assertThat(replies(neighbour, 2)).containsExactly("w");
  }

  private void send(Request sent) {
    kafka.send(
        new ProducerRecord<>(
            Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, Capability.EMBED),
            null,
            sent.fingerprint().toKey(),
            sent.value(),
            sent.headers()));
  }

  private List<WorkItem> work(int atLeast) {
    return kafka.read(Topics.work(Lane.INTERACTIVE, "embed"), atLeast).stream()
        .map(item -> WORK.decode(item.value(), item.headers()))
        .toList();
  }

  private void report(Request of, WorkItem work, Object outcome) {
    kafka.send(
        new ProducerRecord<>(
            Topics.results(Lane.INTERACTIVE),
            work.getSource().getPartition(),
            of.fingerprint().toKey(),
            Requests.result(work, "w1", "x" + work.getAttempt(), outcome),
            Requests.resultHeaders()));
  }

  /** What a request was told, when there are so many replies in all. */
  private List<String> replies(Request to, int inAll) {
    List<String> told = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.read(Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE), inAll)) {
      if (ReplyTo.read(record.headers()).orElseThrow().requestId().equals(to.id())) {
        told.add(outcome(REPLY.decode(record.value(), record.headers())));
      }
    }
    return told;
  }

  private static String outcome(Reply reply) {
    return switch (reply.getOutcome()) {
      case ReplyAnswer answer -> StandardCharsets.UTF_8.decode(answer.getPayload()).toString();
      case ErrorRecord error -> error.getCode();
      default -> throw new AssertionError("unknown outcome " + reply.getOutcome());
    };
  }

  /** Records in a topic. */
  private int count(String topic) {
    try {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (var described :
          kafka.admin().describeTopics(List.of(topic)).allTopicNames().get().values()) {
        described
            .partitions()
            .forEach(
                info -> ends.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
      }
      return kafka.admin().listOffsets(ends).all().get().values().stream()
          .mapToInt(end -> (int) end.offset())
          .sum();
    } catch (Exception e) {
      throw new AssertionError("The ends of " + topic + " are not known", e);
    }
  }
}
