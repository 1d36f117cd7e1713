package io.ratatoskr.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Waits for a place among the calls to the provider, keeps it until the answer is read, and learns
 * from the provider's statuses how many places there are.
 */
record RateLimitInterceptor(AdaptiveLimit limit, Duration queueTimeout, Clock clock)
    implements Interceptor {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final int OVERLOADED = 529;

  @Override
  public Response intercept(Chain chain) throws IOException {
    AdaptiveLimit.Permit permit = acquire(chain);
    boolean answered = false;
    try {
      Response response = ClosingResponse.proceed(chain, permit::close);
      learn(permit, response);
      answered = response.isSuccessful();
      return response;
    } finally {
      if (!answered) {
        permit.unused();
      }
    }
  }

  private AdaptiveLimit.Permit acquire(Chain chain) throws IOException {
    CallTag tag = CallTag.of(chain.request());
    Duration left = tag.remaining();
    try {
      return limit.acquire(
          left.compareTo(queueTimeout) < 0 ? left : queueTimeout,
          tag.tokens(),
          chain.call()::isCanceled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped = new InterruptedIOException("while waiting for a place");
      stopped.initCause(e);
      throw stopped;
    }
  }

  private void learn(AdaptiveLimit.Permit permit, Response response) {
    switch (response.code()) {
      case TOO_MANY_REQUESTS, UNAVAILABLE, OVERLOADED ->
          permit.refused(RetryAfter.of(response.headers(), clock.instant()).orElse(Duration.ZERO));
      default -> permit.wentWell();
    }
  }
}
