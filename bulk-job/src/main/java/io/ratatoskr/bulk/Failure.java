package io.ratatoskr.bulk;

import io.ratatoskr.client.ClientClosedException;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.formats.Line;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What the failure of a whole record means to the job. */
sealed interface Failure {

  /** The same record may succeed later. */
  record Again(Line.Refusal refusal, Optional<Duration> after) implements Failure {}

  /** It is about these questions: alone, each may succeed or fail for itself. */
  record TheseQuestions(Line.Refusal refusal) implements Failure {}

  /** No record can succeed. */
  record Everything(String reason, Throwable cause) implements Failure {}

  /** What an exception of a request means. */
  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case RequestFailedException e -> of(e.error(), e);
      case PipelineUnreachableException e ->
          new Everything("the pipeline is unreachable: " + e.getMessage(), e);
      case ClientClosedException e -> new Everything(String.valueOf(e.getMessage()), e);
      default -> new Everything("the request failed unexpectedly: " + thrown, thrown);
    };
  }

  private static Failure of(InferenceError error, RequestFailedException thrown) {
    if (error.isTransient() || error.code() == ErrorCode.EXPIRED) {
      return new Again(refusal(error), error.retryAfter());
    }
    return error.code().mayComeOfItems()
        ? new TheseQuestions(refusal(error))
        : new Everything(error.code().wireName() + ": " + error.message(), thrown);
  }

  /** The error line that an error makes. */
  static Line.Refusal refusal(InferenceError error) {
    return new Line.Refusal(error.code().wireName(), error.message());
  }
}
