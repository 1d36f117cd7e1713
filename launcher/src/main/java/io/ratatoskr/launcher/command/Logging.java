package io.ratatoskr.launcher.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ratatoskr.allinone.Configuration;
import org.slf4j.LoggerFactory;

/** Sets how much is logged; {@code logback.xml} says where to. */
public final class Logging {
  /**
   * Lucene's, which goes its own way: it says at each start that an incubating module would make it
   * faster. Held here, since loggers that nobody holds forget their level.
   */
  private static final java.util.logging.Logger LUCENE =
      java.util.logging.Logger.getLogger("org.apache.lucene");

  private static volatile boolean debug;

  private Logging() {}

  /** For every command; {@code debugGiven} logs more, whatever the configuration says. */
  public static void configure(boolean debugGiven) {
    debug = debugGiven;
    LUCENE.setLevel(java.util.logging.Level.SEVERE);
    if (debug) {
      level("io.ratatoskr", Level.DEBUG);
      level("org.apache.kafka", Level.INFO);
    }
  }

  /** For roles that run until they are stopped: what they do belongs on the screen. */
  public static void service(Configuration.LogLevel level) {
    if (debug) {
      return; // asked for on the command line, which wins
    }
    level(
        "io.ratatoskr",
        switch (level) {
          case WARN -> Level.WARN;
          case INFO -> Level.INFO;
          case DEBUG -> Level.DEBUG;
        });
  }

  private static void level(String logger, Level level) {
    if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
      logback.setLevel(level);
    }
  }
}
