package io.ratatoskr.launcher.serve;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.launcher.command.Logging;
import io.ratatoskr.settings.InvalidSettingsException;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration of a running process again. What may change while it runs does, what
 * needs a start is named and left alone, and where anything is wrong nothing changes. Thread-safe.
 */
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  /**
   * The outcome of a reload.
   *
   * @param changed keys whose new values are taken
   * @param restart keys whose new values need a start
   * @param mistake why nothing changed; empty where nothing was wrong
   */
  record Outcome(List<String> changed, List<String> restart, Optional<String> mistake) {

    /** One line for people, or several where there are several mistakes. */
    String text() {
      if (mistake.isPresent()) {
        return "Nothing is changed: " + mistake.get();
      }
      String text =
          changed.isEmpty() ? "Nothing is changed" : "Changed: " + String.join(", ", changed);
      return restart.isEmpty() ? text : text + "; needs a restart: " + String.join(", ", restart);
    }
  }

  private final Layers layers;
  private final Values defaults;
  private final Consumer<Configuration> parts;
  private final Map<String, Object> running = new HashMap<>();

  /**
   * @param layers where values come from
   * @param defaults what the process sets where they have none
   * @param started the values that it runs with
   * @param parts takes a configuration, of which what may change
   */
  Reload(Layers layers, Values defaults, Values started, Consumer<Configuration> parts) {
    this.layers = layers;
    this.defaults = defaults;
    this.parts = parts;
    running.putAll(Configuration.known().read(started));
  }

  /** Reads it again, and says in the log what came of it. */
  synchronized Outcome run() {
    Outcome outcome = read();
    if (outcome.mistake().isPresent()) {
      LOG.warn("Configuration read again. {}", outcome.text());
    } else {
      LOG.info("Configuration read again. {}", outcome.text());
    }
    return outcome;
  }

  private Outcome read() {
    Values values;
    Configuration configuration;
    try {
      values = layers.read().over(defaults);
      configuration = Configuration.of(values);
    } catch (InvalidSettingsException e) {
      return refused(
          e.mistakes().stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
    } catch (IllegalArgumentException e) {
      return refused(String.valueOf(e.getMessage()));
    }
    List<String> changed = new ArrayList<>();
    List<String> restart = new ArrayList<>();
    Configuration.known()
        .read(values)
        .forEach((key, now) -> {
          if (Objects.equals(now, running.get(key))) {
            return;
          }
          if (Configuration.known().of(key).filter(Setting::live).isPresent()) {
            running.put(key, now);
            changed.add(key);
          } else {
            restart.add(key);
          }
        });
    if (!changed.isEmpty()) {
      Logging.service(configuration.logLevel());
      parts.accept(configuration);
    }
    return new Outcome(changed, restart, Optional.empty());
  }

  private static Outcome refused(String mistake) {
    return new Outcome(List.of(), List.of(), Optional.of(mistake));
  }
}
