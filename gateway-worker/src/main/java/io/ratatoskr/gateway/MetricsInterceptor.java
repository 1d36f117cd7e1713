package io.ratatoskr.gateway;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Counts calls by their status, and times them to the start of their answer. */
record MetricsInterceptor(GatewayMetrics metrics) implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    String operation = CallTag.of(chain.request()).operation();
    long start = System.nanoTime();
    String status = "none";
    try {
      Response response = chain.proceed(chain.request());
      status = Integer.toString(response.code());
      metrics.headersAfter(operation, System.nanoTime() - start);
      return response;
    } finally {
      metrics.called(operation, status);
    }
  }
}
