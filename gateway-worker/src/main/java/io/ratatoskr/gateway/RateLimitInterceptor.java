package io.ratatoskr.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;

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
    boolean handedOver = false;
    try {
      Response response = chain.proceed(chain.request());
      learn(permit, response);
      Response kept = holding(permit, response);
      handedOver = true;
      return kept;
    } finally {
      if (!handedOver) {
        permit.close();
      }
    }
  }

  private AdaptiveLimit.Permit acquire(Chain chain) throws IOException {
    Duration left = CallTag.of(chain.request()).remaining();
    try {
      return limit.acquire(
          left.compareTo(queueTimeout) < 0 ? left : queueTimeout, chain.call()::isCanceled);
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

  private static Response holding(AdaptiveLimit.Permit permit, Response response) {
    ResponseBody body = response.body();
    ForwardingSource source =
        new ForwardingSource(body.source()) {
          @Override
          public long read(Buffer sink, long byteCount) throws IOException {
            return delegate().read(sink, byteCount);
          }

          @Override
          public void close() throws IOException {
            try {
              super.close();
            } finally {
              permit.close();
            }
          }
        };
    return response
        .newBuilder()
        .body(ResponseBody.create(Okio.buffer(source), body.contentType(), body.contentLength()))
        .build();
  }
}
