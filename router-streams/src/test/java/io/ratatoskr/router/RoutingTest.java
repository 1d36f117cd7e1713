package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.CacheUse;
import io.ratatoskr.schemas.wire.StreamTarget;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class RoutingTest {
  @Test
  void requestBecomesWorkAndItsResultAReply() {
    try (Rig rig = new Rig()) {
      Request request = Request.of(5, "hello");
      rig.send(request);

      WorkItem work = rig.work().getFirst();
      assertThat(work.getPayload().array()).isEqualTo(request.value());
      assertThat(work.getSource().getOffset()).isZero();
      assertThat(work.getAttempt()).isEqualTo(1);
      assertThat(work.getDeadlineMs()).isEqualTo(Rig.START.plusSeconds(30).toEpochMilli());

      rig.report(request, work, Requests.answered("vector"));
      List<Told> replies = rig.replies();
      assertThat(replies).hasSize(1);
      assertThat(replies.getFirst().id()).isEqualTo(request.id());
      assertThat(replies.getFirst().partition()).isEqualTo(5);
      assertThat(replies.getFirst().answer()).isEqualTo("vector");
      assertThat(replies.getFirst().reply().getProvenance().getAttempts()).isEqualTo(1);
      assertThat(rig.deadLetters()).isEmpty();
    }
  }

  @Test
  void bulkRequestTakesItsOwnPath() {
    try (Rig rig = new Rig()) {
      Request request = Request.of(1, "hello").bulk();
      rig.send(request);
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
      rig.report(request, rig.work().getFirst(), Requests.answered("vector"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("vector");
    }
  }

  /** Also each later attempt, and where nobody takes from it any more. */
  @Test
  void workOfATenantWithAQueueOfItsOwn_goesThereWhileAWorkerTakesFromIt() {
    String own = Topics.work(Lane.INTERACTIVE, "embed", "acme");
    try (Rig rig = new Rig()) {
      rig.apply("[[queues]]\nname = 'acme'\npools = ['embed']\ntenants = ['acme']\nweight = 4\n");
      rig.directory.partitions.put(own, 1);
      rig.send(Request.of(1, "early").ofTenant("acme"));
      assertThat(rig.work()).as("no worker has said that it takes from it").hasSize(1);
      assertThat(rig.work(own)).isEmpty();

      rig.catalog.pools.put("embed", taking(own));
      Request request = Request.of(2, "mine").ofTenant("acme");
      rig.send(request);
      rig.send(Request.of(3, "theirs").ofTenant("other"));
      rig.send(Request.of(4, "in bulk").ofTenant("acme").bulk());
      WorkItem work = rig.work(own).getFirst();
      assertThat(work.getTenant()).isEqualTo("acme");
      assertThat(rig.work()).as("another tenant's, and another lane's").hasSize(2);

      rig.report(request, work, Requests.retryable(InferenceError.http("reset")));
      rig.crash();
      rig.pass(Duration.ofMinutes(1));
      assertThat(rig.work(own)).extracting(WorkItem::getAttempt).contains(2);

      rig.directory.partitions.remove(own);
      rig.report(request, work, Requests.retryable(InferenceError.http("reset")));
      rig.send(Request.of(5, "late").ofTenant("acme"));
      assertThat(rig.work(own)).isEmpty();
    }
  }

  private static CatalogSnapshot.Pool taking(String queue) {
    return new CatalogSnapshot.Pool(
        1,
        Set.of(Requests.MODEL),
        Set.of(Requests.MODEL),
        Map.of(),
        Map.of(),
        Map.of(),
        CatalogSnapshot.Pool.UNKNOWN.offer(),
        Set.of(queue));
  }

  /** Also of one that the router knows from its store alone. */
  @Test
  void everyAttemptAtAStreamSaysWhereItsPiecesGo() {
    try (Rig rig = new Rig()) {
      Request request = Request.of(5, "hello").streamed();
      StreamTarget inbox =
          new StreamTarget(
              request.id().toString(), request.inbox().partition(), request.inbox().id());
      rig.send(request);
      WorkItem first = rig.work().getFirst();
      assertThat(first.getStream()).isEqualTo(inbox);

      rig.report(request, first, Requests.retryable(InferenceError.http("reset")));
      rig.crash();
      rig.pass(Duration.ofMinutes(1));
      WorkItem second = rig.work().getLast();
      assertThat(second.getAttempt()).isEqualTo(2);
      assertThat(second.getStream()).isEqualTo(inbox);

      rig.send(Request.of(6, "hello"));
      assertThat(rig.work().getLast().getStream()).isNull();
    }
  }

  @Test
  void requestWithoutATimeout_waitsAsLongAsItsClassDoes_ifItIsInteractive() {
    try (Rig rig = new Rig()) {
      rig.apply("[[task-classes]]\nname = 'creative'\ntimeout = '90s'\n");
      sendWithout(rig, Request.of(1, "class alone"), "creative");
      sendWithout(rig, Request.of(2, "nothing said"), "");
      sendWithout(rig, Request.of(3, "in bulk").bulk(), "creative");
      Request said = Request.of(4, "said");
      Headers headers = said.headers().add("task-class", "creative".getBytes(UTF_8));
      rig.send(said, said.fingerprint().toKey(), said.value(), headers);

      assertThat(rig.work())
          .extracting(work -> Duration.ofMillis(work.getDeadlineMs() - Rig.START.toEpochMilli()))
          .containsExactly(
              Duration.ofSeconds(90),
              Duration.ofSeconds(30),
              Duration.ofSeconds(30),
              Duration.ofDays(7));
    }
  }

  private static void sendWithout(Rig rig, Request request, String taskClass) {
    Headers headers = request.headers().remove(Envelope.TIMEOUT_MS);
    if (!taskClass.isEmpty()) {
      headers.add("task-class", taskClass.getBytes(UTF_8));
    }
    rig.send(request, request.fingerprint().toKey(), request.value(), headers);
  }

  @Test
  void identicalRequestsShareOneInference() {
    try (Rig rig = new Rig()) {
      for (int i = 0; i < 1000; i++) {
        rig.send(Request.of(i, "same").cached());
      }
      List<WorkItem> work = rig.work();
      assertThat(work).hasSize(1);
      rig.report(Request.of(0, "same").cached(), work.getFirst(), Requests.answered("v"));
      List<Told> replies = rig.replies();
      assertThat(replies).hasSize(1000).allMatch(told -> told.answer().equals("v"));
      assertThat(replies.stream().map(Told::id).distinct()).hasSize(1000);
      assertThat(replies)
          .filteredOn(told -> told.reply().getProvenance().getCache() == CacheUse.JOINED)
          .hasSize(999);
    }
  }

  @Test
  void failedAttemptIsRepeatedBySourceAfterAPause() {
    try (Rig rig = new Rig()) {
      Request request = Request.of(1, "x");
      rig.send(request);
      rig.report(request, rig.work().getFirst(), Requests.retryable(InferenceError.http("reset")));
      assertThat(rig.work()).isEmpty();
      rig.pass(Duration.ofSeconds(1));
      WorkItem second = rig.work().getFirst();
      assertThat(second.getAttempt()).isEqualTo(2);
      assertThat(second.getPayload()).isNull();
      rig.report(request, second, Requests.answered("v"));
      assertThat(rig.replies().getFirst().reply().getProvenance().getAttempts()).isEqualTo(2);
    }
  }

  @Test
  void givesUpWithTheLastErrorAfterAllAttempts() {
    try (Rig rig = new Rig()) {
      Request request = Request.of(1, "x");
      rig.send(request);
      for (int attempt = 1; attempt <= 3; attempt++) {
        List<WorkItem> work = rig.work();
        assertThat(work).hasSize(1);
        rig.report(
            request,
            work.getFirst(),
            Requests.retryable(InferenceError.http("failure " + attempt)));
        rig.pass(Duration.ofSeconds(3));
      }
      List<Told> replies = rig.replies();
      assertThat(replies).hasSize(1);
      assertThat(replies.getFirst().error().getMessage()).isEqualTo("failure 3");
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void expiresWhereNobodyAnswersAndForgetsEverythingInTheEnd() {
    try (Rig rig = new Rig()) {
      rig.send(Request.of(1, "x").within(Duration.ofSeconds(5)));
      rig.pass(Duration.ofSeconds(4));
      assertThat(rig.replies()).isEmpty();
      rig.pass(Duration.ofSeconds(2));
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("Expired");
      assertThat(replies.getFirst().error().getMessage()).contains("no worker of pool 'embed'");
      rig.pass(Duration.ofMinutes(11));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void answeredFlightIsForgottenAfterGrace() {
    try (Rig rig = new Rig(Map.of("limits.grace", "PT1M"))) {
      Request request = Request.of(1, "x");
      rig.send(request);
      rig.report(request, rig.work().getFirst(), Requests.answered("v"));
      assertThat(rig.entries(Lane.INTERACTIVE)).hasSize(3);
      rig.pass(Duration.ofSeconds(61));
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }
}
