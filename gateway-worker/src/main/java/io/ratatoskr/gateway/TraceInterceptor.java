package io.ratatoskr.gateway;

import java.io.IOException;
import java.util.random.RandomGenerator;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Names the trace of the request, and a span of its own in it, to the provider. */
record TraceInterceptor(RandomGenerator random) implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    Trace trace = CallTag.of(chain.request()).trace().orElse(null);
    return chain.proceed(
        trace == null
            ? chain.request()
            : chain.request().newBuilder().header("traceparent", trace.child(random)).build());
  }
}
