package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Asker;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.client.ClientClosedException;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final InferenceError BUSY = InferenceError.overloaded("busy");

  private final Retries retries = new Retries(PATIENCE);

  private Verdict verdict(
      InferenceError error, int tries, Duration lasting, boolean othersSettled) {
    return retries.verdict(
        new Asker.Failure(error, tries, lasting, othersSettled, Duration.ofMillis(500)));
  }

  private static void assertStops(Verdict verdict, String message) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Stop.class,
            stop ->
                assertThat(stop.reason()).isInstanceOf(PipelineFailed.class).hasMessage(message));
  }

  @Test
  void whatFailsForTheEighthTimeWhileOthersAreAnswered_isSplit() {
    assertThat(verdict(BUSY, 7, PATIENCE.multipliedBy(5), true)).isEqualTo(new Verdict.Again());
    assertThat(verdict(BUSY, 8, Duration.ZERO, true)).isEqualTo(new Verdict.Split());
  }

  @Test
  void whileNothingIsAnswered_theJobsPatienceIsWhatEnds() {
    assertThat(verdict(BUSY, 99, PATIENCE, false)).isEqualTo(new Verdict.Again());
    assertStops(
        verdict(BUSY, 3, PATIENCE.plusNanos(1), false),
        "nothing was answered for 100 s; the last failure was Overloaded: busy");
  }

  @Test
  void aRequestThatCameTooLate_isAskedAgain() {
    InferenceError expired = InferenceError.expired("too late");

    assertThat(Retries.mayPass(expired)).isTrue();
    assertThat(verdict(expired, 1, Duration.ZERO, false)).isEqualTo(new Verdict.Again());
  }

  @Test
  void whatAQuestionMayBeToBlameFor_isSplit() {
    assertThat(verdict(InferenceError.invalidInput("bad"), 1, Duration.ZERO, false))
        .isEqualTo(new Verdict.Split());
  }

  @Test
  void whatNoQuestionIsToBlameFor_endsTheJob() {
    assertStops(
        verdict(InferenceError.modelNotFound("m", "there are a and b"), 1, Duration.ZERO, true),
        "ModelNotFound: there are a and b");
  }

  @Test
  void aFailureThatIsNoAnswer_isSaidInTheClientsWords() {
    PipelineFailed stopped = new PipelineFailed("stopped", null);
    IllegalStateException surprise = new IllegalStateException("what?");

    assertThat(Retries.failure(stopped)).isSameAs(stopped);
    assertThat(Retries.failure(new ClientClosedException()))
        .hasMessage("the client was closed before the reply came");
    assertThat(Retries.failure(surprise))
        .hasMessage("the request failed unexpectedly: " + surprise)
        .hasCause(surprise);
  }
}
