package io.ratatoskr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback for servers that a test stops and starts again. They lie below those that
 * systems give to connections and to servers that ask for any port, so that no neighbour, such as
 * the tests of another module, has the port while nobody listens there.
 */
public final class LastingPort {
  private static final int FIRST = 20_000;
  private static final int END = 30_000;
  private static final int TRIALS = 1_000;

  private LastingPort() {}

  /** One on which nobody listens now, chosen at random. */
  public static int find() {
    for (int trial = 0; trial < TRIALS; trial++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (BindException e) {
        // Somebody has it: another one.
      } catch (IOException e) {
        throw new UncheckedIOException("No server can listen on loopback", e);
      }
    }
    throw new IllegalStateException("No port from " + FIRST + " to " + END + " is free");
  }
}
