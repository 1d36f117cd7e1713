package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FutureFailureTest {
  @Test
  void cause_isTheFailureOutOfAllWrappers() {
    IllegalStateException failure = new IllegalStateException("no");

    assertThat(FutureFailure.cause(failure)).isSameAs(failure);
    assertThat(
            FutureFailure.cause(
                new ExecutionException(new CompletionException(new CompletionException(failure)))))
        .isSameAs(failure);
  }

  @Test
  void cause_ofAWrapperAroundNothing_isTheWrapper() {
    CompletionException empty = new CompletionException((Throwable) null);

    assertThat(FutureFailure.cause(empty)).isSameAs(empty);
  }
}
