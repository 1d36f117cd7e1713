package io.ratatoskr.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out whether any broker takes connections, before Kafka's clients begin to try for ever. */
final class Bootstrap {
  private static final int ATTEMPT_MS = 2_000;
  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private Bootstrap() {}

  /** Returns when a broker takes a connection; tries again, with growing pauses. */
  static void await(ClientConfig config) {
    Duration timeout = config.patience().connect();
    long end = System.nanoTime() + timeout.toNanos();
    long pause = FIRST_PAUSE_MS;
    IOException failure = attempt(config, timeout);
    while (failure != null) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw PipelineUnreachableException.silent(config, timeout, failure);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(Math.min(left, pause));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PipelineUnreachableException.silent(config, timeout, e);
      }
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      failure = attempt(config, timeout);
    }
  }

  private static @Nullable IOException attempt(ClientConfig config, Duration timeout) {
    IOException failure = null;
    for (InetSocketAddress address : config.addresses()) {
      InetSocketAddress resolved =
          new InetSocketAddress(address.getHostString(), address.getPort());
      try (Socket socket = new Socket()) {
        if (resolved.isUnresolved()) {
          throw new UnknownHostException("unknown host " + address.getHostString());
        }
        socket.connect(resolved, (int) Math.min(ATTEMPT_MS, timeout.toMillis()));
        return null;
      } catch (IOException e) {
        failure = e;
      }
    }
    return failure;
  }
}
