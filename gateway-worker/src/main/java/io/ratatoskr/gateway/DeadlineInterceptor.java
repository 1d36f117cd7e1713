package io.ratatoskr.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Starts no call whose deadline has passed, and lets no wait be longer than what is left of it. */
record DeadlineInterceptor(HttpErrors errors) implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    Duration left = CallTag.of(chain.request()).remaining();
    int millis = (int) Math.min(Integer.MAX_VALUE, left.toMillis());
    if (millis <= 0) {
      throw new ProviderFailure(errors.expired());
    }
    return chain
        .withConnectTimeout(Math.min(millis, chain.connectTimeoutMillis()), TimeUnit.MILLISECONDS)
        .withWriteTimeout(Math.min(millis, chain.writeTimeoutMillis()), TimeUnit.MILLISECONDS)
        .proceed(chain.request());
  }
}
