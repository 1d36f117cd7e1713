package io.ratatoskr.launcher.serve;

import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.allinone.ServiceConfig;
import io.ratatoskr.launcher.command.HomeFolder;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a service keeps its data and shows its status page: options for keys of the same names. */
final class ServiceOptions {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Port of the status page; 0 takes a free one. Default: 9741 of 'up', else none. Key:"
              + " service.port")
  private @Nullable Port port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address of this machine on which the status page listens; 0.0.0.0 is all of them."
              + " Whoever reaches it can read it: see docs/metrics.md. Default: 127.0.0.1. Key:"
              + " service.host")
  private @Nullable InetAddress host;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Where the data stay between runs. Default: ~/.local/share/ratatoskr. Of 'serve router'"
              + " they are local state, which is rebuilt from Kafka where it is lost. Default"
              + " there: ~/.local/state/ratatoskr-router. Key: service.data")
  private @Nullable Path data;

  /** Layers with what is given here over them. */
  Layers over(Layers layers) {
    Layers all = layers;
    if (port != null) {
      all = all.withFlag("--port", ServiceConfig.PORT.key(), Integer.toString(port.number()));
    }
    if (host != null) {
      all = all.withFlag("--host", ServiceConfig.HOST.key(), host.getHostAddress());
    }
    return data == null ? all : all.withFlag("--data", ServiceConfig.DATA.key(), data.toString());
  }

  /**
   * The folder of the data, which is there afterwards.
   *
   * @param usual where they stay below the user's home, unless a folder is named
   */
  static Path folder(ServiceConfig service, String usual) throws IOException {
    return PipelineFolder.create(
        service.data().isEmpty() ? HomeFolder.resolve(usual, "--data") : Path.of(service.data()));
  }

  /**
   * The address to listen on.
   *
   * @throws InvalidSettingException if this machine does not have it, or there is no page that
   *     could listen on it
   */
  static InetAddress address(ServiceConfig service, Values values) {
    return values.locate(() -> {
      if (!service.hasPage() && values.origin(ServiceConfig.HOST.key()).isPresent()) {
        throw refused("there is no status page to listen for; name its port with --port");
      }
      InetAddress address = resolved(service.host());
      if (!isOurs(address)) {
        throw refused(
            "%s is no address of this machine; give one of its own, 0.0.0.0 for all, or none for"
                    .formatted(address.getHostAddress())
                + " loopback alone");
      }
      return address;
    });
  }

  private static InetAddress resolved(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw refused(host + " is no address, and no host that is known here");
    }
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      throw refused("the addresses of this machine cannot be listed: " + e.getMessage());
    }
  }

  private static InvalidSettingException refused(String why) {
    return new InvalidSettingException(ServiceConfig.HOST.key(), why);
  }
}
