package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.wire.AbortedFlight;
import io.ratatoskr.schemas.wire.AbortedJob;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancellations on their way through a router, and crashes in between. */
class CancelTest {
  private static final Request REQUEST = Request.of(1, "x").within(Duration.ofMinutes(5));
  private static final JobEpoch JOB = new JobEpoch("corpus", 5);

  @Test
  void cancelledRequest_isToldOnce_itsWorkIsDropped_andNothingIsLeft() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.cancel(REQUEST);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      assertThat(rig.aborts()).containsExactly(new AbortedFlight(1, 1));
      rig.report(REQUEST, work, Requests.answered("late"));
      rig.report(REQUEST, work, Requests.rejected(InferenceError.cancelled("dropped")));
      rig.pass(Duration.ofMinutes(25));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.work()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void answerThatWasQuicker_isTheOnlyReply() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.answered("v"));
      rig.cancel(REQUEST);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
      assertThat(rig.aborts()).isEmpty();
    }
  }

  @Test
  void oneOfTwoThatJoined_leaves_theOtherIsAnswered() {
    Request first = Request.of(1, "same").cached();
    Request second = Request.of(2, "same").cached();
    try (Rig rig = new Rig()) {
      rig.send(first);
      rig.send(second);
      WorkItem work = rig.work().getFirst();
      rig.cancel(first);

      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(first.id());
      assertThat(replies).extracting(Told::outcome).containsExactly("Cancelled");
      assertThat(rig.aborts()).isEmpty();
      rig.report(second, work, Requests.answered("v"));
      replies = rig.replies();
      assertThat(replies).extracting(Told::id).containsExactly(second.id());
      assertThat(replies).extracting(Told::outcome).containsExactly("v");
      rig.pass(Duration.ofMinutes(25));
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void bothThatJoined_leave_andTheWorkIsDroppedWithTheSecond() {
    Request first = Request.of(1, "same").cached();
    Request second = Request.of(2, "same").cached();
    try (Rig rig = new Rig()) {
      rig.send(first);
      rig.send(second);
      rig.cancel(second);
      assertThat(rig.aborts()).isEmpty();
      rig.cancel(first);

      assertThat(rig.aborts()).containsExactly(new AbortedFlight(1, 1));
      assertThat(rig.replies()).extracting(Told::id).containsExactly(second.id(), first.id());
    }
  }

  @Test
  void sameContentAfterACancellation_isInferredAnew() {
    Request first = Request.of(1, "same").cached();
    Request second = Request.of(2, "same").cached();
    try (Rig rig = new Rig()) {
      rig.send(first);
      rig.cancel(first);
      rig.work();
      rig.replies();
      rig.send(second);

      WorkItem work = rig.work().getFirst();
      assertThat(work.getGeneration()).isEqualTo(2);
      rig.report(second, work, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancellationBeforeItsRequest_isTheRequestsReply(boolean crash) {
    try (Rig rig = new Rig()) {
      rig.cancel(REQUEST);
      assertThat(rig.replies()).isEmpty();
      if (crash) {
        rig.crash();
      }
      rig.send(REQUEST);
      rig.send(REQUEST);
      rig.send(Request.of(2, "another"));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled", "Cancelled");
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void cachedAnswer_isNotGivenToARequestThatWasCancelledBefore() {
    Request first = Request.of(1, "same").cached();
    Request second = Request.of(2, "same").cached();
    try (Rig rig = new Rig(Map.of("cache.enabled", "true"))) {
      rig.send(first);
      rig.report(first, rig.work().getFirst(), Requests.answered("v"));
      rig.replies();
      rig.cancel(second);
      rig.send(second);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
    }
  }

  @Test
  void markers_areForgottenAfterTheLongestDeadline() {
    try (Rig rig = new Rig(Map.of())) {
      rig.cancel(REQUEST);
      rig.cancel(Lane.INTERACTIVE, JOB);
      assertThat(rig.entries(Lane.INTERACTIVE)).hasSize(4);
      rig.crash(Duration.ofDays(7).minusHours(1), key -> true);
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.entries(Lane.INTERACTIVE)).hasSize(4);
      rig.crash(Duration.ofHours(2), key -> true);
      rig.pass(Duration.ofSeconds(2));

      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void cancellationOfAnotherDomain_isNotOurs() {
    try (Rig rig = new Rig()) {
      Request elsewhere = REQUEST.in(new Domain("other"));
      assertThat(elsewhere.fingerprint()).isNotEqualTo(REQUEST.fingerprint());
      rig.send(REQUEST);
      rig.cancel(elsewhere);

      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void lostReplyAndAbort_areSentAgain_whenTheCancellationIsReadAgain() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.cancel(REQUEST);
      rig.crash();

      rig.send(REQUEST);
      assertThat(rig.work()).isEmpty();
      assertThat(rig.replies()).isEmpty();
      rig.cancel(REQUEST);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      assertThat(rig.aborts()).containsExactly(new AbortedFlight(1, 1));
    }
  }

  @Test
  void lostReply_isToldAgainInTheNextIncarnation_alsoIfTheCancellationIsNotReadAgain() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.cancel(REQUEST);
      rig.crash();

      rig.pass(Duration.ofSeconds(15));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      rig.pass(Duration.ofMinutes(25));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void oneOfTwoCancelled_allReadAgain_eachHasItsReply() {
    Request first = Request.of(1, "same").cached();
    Request second = Request.of(2, "same").cached();
    try (Rig rig = new Rig()) {
      rig.send(first);
      rig.send(second);
      WorkItem work = rig.work().getFirst();
      rig.cancel(first);
      rig.crash();

      rig.send(first);
      rig.send(second);
      rig.cancel(first);
      rig.report(second, work, Requests.answered("v"));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled", "v");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"W", "WA", "A", "M", "T", ""})
  void halfWrittenCancellation_endsWithOneReply(String survivors) {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.cancel(REQUEST);
      rig.crash(Duration.ofSeconds(2), key -> survivors.indexOf((char) key.get()[0]) >= 0);

      rig.cancel(REQUEST);
      rig.send(REQUEST);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void cancellationOfWhichTheWaiterAloneWasWritten_andThenTheAnswer_isReplied() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      List<KeyValue<Bytes, byte[]>> opened = rig.entries(Lane.INTERACTIVE, 'F');
      rig.cancel(REQUEST);
      rig.crash();
      opened.forEach(flight -> rig.flights(Lane.INTERACTIVE).put(flight.key, flight.value));

      rig.send(REQUEST);
      rig.report(REQUEST, work, Requests.answered("v"));
      rig.cancel(REQUEST);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
    }
  }

  @Test
  void requestSentAgainAfterItsCancellation_isNotInferred() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.cancel(REQUEST);
      rig.work();
      rig.send(REQUEST);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled", "Cancelled");
      assertThat(rig.work()).isEmpty();
    }
  }

  @Test
  void pausingFlight_isCancelledWithoutAnAbort_andNotTriedAgain() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.retryable(InferenceError.http("reset")));
      rig.cancel(REQUEST);

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
      rig.pass(Duration.ofMinutes(2));
      assertThat(rig.work()).isEmpty();
      assertThat(rig.aborts()).isEmpty();
    }
  }

  @Test
  void workThatStartsAfterTheCancellation_isToldToStop() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.cancel(REQUEST);
      rig.aborts();
      rig.report(REQUEST, work, Requests.started());

      assertThat(rig.aborts()).containsExactly(new AbortedFlight(1, 1));
    }
  }

  @Test
  void job_refusesItsRunsUpToTheEpoch_andTellsWorkers() {
    try (Rig rig = new Rig()) {
      rig.cancel(Lane.BULK, JOB);
      assertThat(rig.aborts())
          .containsExactly(new AbortedJob(Domain.DEFAULT.prefix(), "corpus", 5L));
      rig.send(REQUEST.bulk().ofJob(JOB));
      rig.send(Request.of(2, "x").bulk().ofJob(new JobEpoch("corpus", 4)));
      rig.send(Request.of(3, "x").bulk().ofJob(new JobEpoch("corpus", 6)));
      rig.send(Request.of(4, "x").bulk().ofJob(new JobEpoch("other", 1)));
      rig.send(Request.of(5, "x").bulk());
      rig.send(Request.of(6, "x").ofJob(JOB));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled", "Cancelled");
      assertThat(rig.work()).hasSize(4);
    }
  }

  @Test
  void job_cancelledTwice_keepsTheLaterEpoch() {
    try (Rig rig = new Rig()) {
      rig.cancel(Lane.BULK, JOB);
      rig.cancel(Lane.BULK, new JobEpoch("corpus", 3));
      rig.send(REQUEST.bulk().ofJob(JOB));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
    }
  }

  @Test
  void job_whatAWorkerDrops_isToldSo() {
    try (Rig rig = new Rig()) {
      Request request = REQUEST.bulk().ofJob(JOB);
      rig.send(request);
      WorkItem work = rig.work().getFirst();
      assertThat(work.getJob()).isEqualTo("corpus");
      assertThat(work.getJobEpoch()).isEqualTo(5);
      rig.cancel(Lane.BULK, JOB);
      rig.report(request, work, Requests.rejected(InferenceError.cancelled("its job is")));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
    }
  }

  @Test
  void job_ofARequestThatOthersMayJoin_isNoMatterOfTheWork() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST.cached().ofJob(JOB));

      assertThat(rig.work().getFirst().getJob()).isNull();
    }
  }

  @Test
  void whatIsNoCancellation_becomesADeadLetter_andTheNextIsHeeded() {
    Headers request = new RecordHeaders();
    new Cancellation.OfRequest(REQUEST.id()).writeTo(request);
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.cancel(Lane.INTERACTIVE, REQUEST.fingerprint().toKey(), new RecordHeaders());
      rig.cancel(Lane.INTERACTIVE, null, request);
      rig.cancel(Lane.INTERACTIVE, new byte[] {1, 2, 3}, request);

      assertThat(rig.deadLetters())
          .extracting(DeadLetter::getCode)
          .containsExactly("BadEnvelope", "BadEnvelope", "BadEnvelope");
      assertThat(rig.replies()).isEmpty();
      rig.cancel(REQUEST);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Cancelled");
    }
  }
}
