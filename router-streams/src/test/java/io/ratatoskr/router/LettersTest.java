package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.FailedAttempt;
import io.ratatoskr.schemas.wire.WorkItem;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that fail for good are kept for the operator, with what was tried. */
class LettersTest {
  private static final Request REQUEST = Request.of(1, "x");

  private static void failThrice(Rig rig) {
    rig.send(REQUEST);
    for (int attempt = 1; attempt <= 3; attempt++) {
      rig.report(
          REQUEST.lane(),
          REQUEST.fingerprint().toKey(),
          Requests.failure(
              rig.work().getFirst(),
              Requests.retryable(InferenceError.http("failure " + attempt)),
              REQUEST));
      rig.pass(Duration.ofSeconds(3));
    }
  }

  @Test
  void requestThatFailedAfterAllAttempts_isKeptWithEachOfThem() {
    try (Rig rig = new Rig()) {
      failThrice(rig);

      List<DeadLetter> letters = rig.deadLetters();
      assertThat(letters).hasSize(1);
      DeadLetter letter = letters.getFirst();
      assertThat(letter.getCode()).isEqualTo("Http");
      assertThat(letter.getReason()).isEqualTo("failure 3");
      assertThat(letter.getOffset()).isZero();
      assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(REQUEST.fingerprint().toKey()));
      assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(REQUEST.value()));
      assertThat(letter.getHeaders()).containsKeys(Envelope.REQUEST_ID, Envelope.INBOX);
      assertThat(letter.getRequestId()).isEqualTo(REQUEST.id().toString());
      assertThat(letter.getGeneration()).isEqualTo(1);
      assertThat(letter.getModel()).isEqualTo(Requests.MODEL);
      assertThat(letter.getAttempts())
          .extracting(FailedAttempt::getAttempt)
          .containsExactly(1, 2, 3);
      assertThat(letter.getAttempts())
          .extracting(failed -> failed.getError().getMessage())
          .containsExactly("failure 1", "failure 2", "failure 3");
      assertThat(letter.getAttempts())
          .allSatisfy(failed -> {
            assertThat(failed.getPool()).isEqualTo("embed");
            assertThat(failed.getWorker()).isEqualTo("w9");
            assertThat(failed.getEndedMs()).isGreaterThanOrEqualTo(failed.getDispatchedMs());
          });
    }
  }

  static Stream<InferenceError> sendersErrors() {
    return Stream.of(
        InferenceError.invalidInput("bad"),
        InferenceError.tooLarge(2, 1, "large"),
        InferenceError.api(400, "no"),
        InferenceError.cancelled("called back"),
        InferenceError.unsupported("no"));
  }

  @ParameterizedTest
  @MethodSource("sendersErrors")
  void requestThatItsSenderHasToChange_isKeptNowhere(InferenceError error) {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.rejected(error));

      assertThat(rig.replies()).extracting(Told::outcome).containsExactly(error.code().wireName());
      assertThat(rig.deadLetters()).isEmpty();
    }
  }

  static Stream<InferenceError> servicesErrors() {
    return Stream.of(
        InferenceError.authenticationFailed("the key is old"),
        InferenceError.modelNotAvailable("m", "no file"),
        InferenceError.llm(false, "the engine broke"));
  }

  @ParameterizedTest
  @MethodSource("servicesErrors")
  void requestThatFailedByNoFaultOfItsSender_isKeptAtOnce(InferenceError error) {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.rejected(error));

      List<DeadLetter> letters = rig.deadLetters();
      assertThat(letters).extracting(DeadLetter::getCode).containsExactly(error.code().wireName());
      assertThat(letters.getFirst().getAttempts()).hasSize(1);
      assertThat(letters.getFirst().getValue()).isNull(); // its worker did not say
    }
  }

  @Test
  void workThatNobodyReportsOn_isAFailedAttemptWithoutAWorker() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST.within(Duration.ofMinutes(5)));
      rig.work();
      rig.pass(Duration.ofSeconds(96));
      WorkItem second = rig.work().getFirst();
      rig.report(
          REQUEST, second, Requests.rejected(InferenceError.authenticationFailed("old key")));

      assertThat(rig.deadLetters().getFirst().getAttempts())
          .extracting(FailedAttempt::getWorker)
          .containsExactly(null, "w1");
    }
  }

  @Test
  void letterThatWasLostWithItsRouter_isWrittenWhenTheResultIsReadAgain() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      byte[] failure =
          Requests.failure(
              work, Requests.rejected(InferenceError.authenticationFailed("old key")), REQUEST);
      rig.report(REQUEST.lane(), REQUEST.fingerprint().toKey(), failure);
      rig.crash();

      rig.report(REQUEST.lane(), REQUEST.fingerprint().toKey(), failure);
      List<DeadLetter> letters = rig.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().getAttempts()).hasSize(1);
      assertThat(letters.getFirst().getValue()).isNotNull();
    }
  }
}
