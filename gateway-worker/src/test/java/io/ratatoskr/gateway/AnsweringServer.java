package io.ratatoskr.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A provider's server on this machine that answers each request by a function. */
final class AnsweringServer implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();

  AnsweringServer(Function<RecordedRequest, MockResponse> answer) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer.apply(request);
          }
        });
    try {
      server.start(InetAddress.getLoopbackAddress(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("The provider's server does not start", e);
    }
  }

  URI url() {
    return server.url("/").uri();
  }

  @Override
  public void close() {
    server.close();
  }
}
