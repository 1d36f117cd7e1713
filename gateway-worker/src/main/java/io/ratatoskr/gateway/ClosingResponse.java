package io.ratatoskr.gateway;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;

/** A response that says when it is closed, its body read or given up. */
final class ClosingResponse {
  private ClosingResponse() {}

  /**
   * Goes on with a call.
   *
   * @param end is run once: when the response is closed, or at once where there is none
   */
  static Response proceed(Interceptor.Chain chain, Runnable end) throws IOException {
    boolean handedOver = false;
    try {
      Response response = closing(chain.proceed(chain.request()), end);
      handedOver = true;
      return response;
    } finally {
      if (!handedOver) {
        end.run();
      }
    }
  }

  private static Response closing(Response response, Runnable end) {
    ResponseBody body = response.body();
    AtomicBoolean open = new AtomicBoolean(true);
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
              if (open.compareAndSet(true, false)) {
                end.run();
              }
            }
          }
        };
    return response
        .newBuilder()
        .body(ResponseBody.create(Okio.buffer(source), body.contentType(), body.contentLength()))
        .build();
  }
}
