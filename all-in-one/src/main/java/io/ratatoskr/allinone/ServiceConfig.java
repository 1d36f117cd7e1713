package io.ratatoskr.allinone;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.List;

/**
 * Where a service, {@code up} or {@code serve}, keeps its data and can be looked at.
 *
 * @param data its folder; empty for one in the user's home
 * @param port of its status page, 0 for a free one; empty for no page
 * @param host on which the page listens
 * @param kafkaPort loopback port of the broker in {@code up}; 0 for a free one
 */
public record ServiceConfig(String data, String port, String host, int kafkaPort) {
  private static final int MOST = 65_535;

  /** Where the data stay. */
  public static final Setting<String> DATA =
      Setting.text(
          "service.data",
          "",
          "a folder",
          text -> true,
          "Where the data stay between runs: those of `up`, and the state of `serve router`, which"
              + " is rebuilt from Kafka where it is lost. Else `~/.local/share/ratatoskr` and"
              + " `~/.local/state/ratatoskr-router`. Two processes on a machine need two.");

  /** The port of the status page. */
  public static final Setting<String> PORT =
      Setting.text(
          "service.port",
          "",
          "a number from 0 to 65535",
          text -> text.isEmpty() || isPort(text),
          "Port of the status page; 0 takes a free one. Else `up` takes 9741, and `serve` has no"
              + " page.");

  /** The address of the status page. */
  public static final Setting<String> HOST =
      Setting.text(
          "service.host",
          "127.0.0.1",
          "an address of the machine",
          text -> !text.isBlank(),
          "Address of this machine on which the status page listens; `0.0.0.0` is all of them."
              + " Whoever reaches it can read it: see [metrics](metrics.md).");

  /** The port of the broker in {@code up}. */
  public static final Setting<Integer> KAFKA_PORT =
      Setting.integer(
          "service.kafka-port",
          9_092,
          0,
          MOST,
          "Loopback port of the broker that `up` runs; 0 takes a free one.");

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section("service", "For `up` and `serve`.", List.of(DATA, PORT, HOST, KAFKA_PORT));

  /** Refuses what no key takes. */
  public ServiceConfig {
    DATA.check(data);
    PORT.check(port);
    HOST.check(host);
    KAFKA_PORT.check(kafkaPort);
  }

  private static boolean isPort(String text) {
    try {
      int number = Integer.parseInt(text);
      return number >= 0 && number <= MOST;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * The values of the section.
   *
   * @throws InvalidSettingException naming place and key of what is not allowed
   */
  public static ServiceConfig of(Values values) {
    return new ServiceConfig(
        DATA.of(values), PORT.of(values), HOST.of(values), KAFKA_PORT.of(values));
  }

  /** Whether it has a status page. */
  public boolean hasPage() {
    return !port.isEmpty();
  }

  /** The number of the page's port, where it has one. */
  public int pagePort() {
    return Integer.parseInt(port);
  }
}
