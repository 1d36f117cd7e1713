package io.ratatoskr.allinone;

import java.util.Map;

/**
 * How a process is.
 *
 * @param ready whether all of its parts work
 * @param parts each part and its state
 * @param facts what a person wants to know besides, such as addresses
 */
public record Health(boolean ready, Map<String, String> parts, Map<String, String> facts) {
  /** Before there is anything to tell. */
  public static final Health STARTING = new Health(false, Map.of("process", "starting"), Map.of());
}
