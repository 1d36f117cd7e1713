package io.ratatoskr.gateway;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs which call had which status; neither headers, nor bodies, nor what a URL may hide. */
record LogInterceptor(String provider) implements Interceptor {
  private static final Logger LOG = LoggerFactory.getLogger(LogInterceptor.class);

  @Override
  public Response intercept(Chain chain) throws IOException {
    if (!LOG.isDebugEnabled()) {
      return chain.proceed(chain.request());
    }
    Request request = chain.request();
    String what = request.method() + " " + request.url().encodedPath();
    long start = System.nanoTime();
    try {
      Response response = chain.proceed(request);
      LOG.debug("{}: {} gave {} after {} ms", provider, what, response.code(), since(start));
      return response;
    } catch (IOException e) {
      LOG.debug("{}: {} gave {} after {} ms", provider, what, e.getClass(), since(start));
      throw e;
    }
  }

  private static long since(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
