package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.PipelineFailed;
import io.ratatoskr.client.Asker;
import io.ratatoskr.client.Asker.Verdict;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.client.RatatoskrException;
import io.ratatoskr.formats.Line;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;

/**
 * Decides whether a job asks again or gives up. What fails for the eighth time while others are
 * answered is halved, and alone it is given up; while nothing is answered, the job's patience is
 * what ends.
 *
 * @param patience how long the job keeps trying while nothing at all is answered
 */
record Retries(Duration patience) {
  private static final int TRIES = 8;

  /** A job waits as long as it takes: that a request came too late says nothing about the next. */
  static boolean mayPass(InferenceError error) {
    return error.isTransient() || error.code() == ErrorCode.EXPIRED;
  }

  /** Decides about what has failed now. */
  Verdict verdict(Asker.Failure failure) {
    InferenceError error = failure.error();
    if (!mayPass(error)) {
      return error.code().mayComeOfItems()
          ? new Verdict.Split()
          : new Verdict.Stop(
              new PipelineFailed(error.code().wireName() + ": " + error.message(), null));
    }
    if (failure.othersSettled()) {
      return failure.tries() >= TRIES ? new Verdict.Split() : new Verdict.Again();
    }
    return failure.lasting().compareTo(patience) > 0
        ? new Verdict.Stop(
            new PipelineFailed(
                "nothing was answered for %d s; the last failure was %s: %s"
                    .formatted(patience.toSeconds(), error.code().wireName(), error.message()),
                null))
        : new Verdict.Again();
  }

  /** The exception that ends the job where no request can succeed. */
  static PipelineFailed failure(Throwable reason) {
    return switch (reason) {
      case PipelineFailed failed -> failed;
      case PipelineUnreachableException e ->
          new PipelineFailed("the pipeline is unreachable: " + e.getMessage(), e);
      case RatatoskrException e -> new PipelineFailed(String.valueOf(e.getMessage()), e);
      default -> new PipelineFailed("the request failed unexpectedly: " + reason, reason);
    };
  }

  /** The error line of an item that is given up. */
  static Line.Refusal refusal(InferenceError error) {
    return new Line.Refusal(error.code().wireName(), error.message());
  }
}
