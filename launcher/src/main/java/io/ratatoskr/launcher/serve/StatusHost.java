package io.ratatoskr.launcher.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The address that a status page listens on: loopback unless another is given. */
final class StatusHost {
  private static final String NAME = "--host";

  @Option(
      names = NAME,
      paramLabel = "ADDRESS",
      description =
          "Address of this machine on which the status page listens; 0.0.0.0 is all of them."
              + " Whoever reaches it can read it: see docs/metrics.md. Default: 127.0.0.1")
  private @Nullable InetAddress given;

  /**
   * The address to listen on.
   *
   * @throws IllegalArgumentException naming the option, if this machine does not have the address
   */
  InetAddress address() {
    if (given == null) {
      return InetAddress.getLoopbackAddress();
    }
    if (!isOurs(given)) {
      throw new IllegalArgumentException(
          "%s: %s is no address of this machine; give one of its own, 0.0.0.0 for all, or none for"
                  .formatted(NAME, given.getHostAddress())
              + " loopback alone");
    }
    return given;
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          NAME + ": the addresses of this machine cannot be listed: " + e.getMessage(), e);
    }
  }

  /**
   * The same, where there is a status page only with a port.
   *
   * @throws IllegalArgumentException naming the option, also where it has nothing to work on
   */
  InetAddress address(@Nullable Port port) {
    if (given != null && port == null) {
      throw new IllegalArgumentException(
          NAME + ": there is no status page to listen for; name its port with --port");
    }
    return address();
  }
}
