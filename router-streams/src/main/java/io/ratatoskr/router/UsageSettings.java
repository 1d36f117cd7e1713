package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the router writes down of settled requests.
 *
 * @param lanes the lanes whose requests are recorded
 */
public record UsageSettings(Set<Lane> lanes) {
  static final Setting<List<String>> LANES =
      Setting.list(
          "usage.lanes",
          List.of("interactive", "bulk"),
          "interactive, bulk",
          name -> Lane.named(name).isPresent(),
          "The lanes whose requests are recorded when they are settled, for `ratatoskr usage`; an"
              + " empty list records none.");

  /** The keys. */
  static final Section SECTION =
      new Section(
          "usage",
          "What the router writes down of settled requests: see [usage](usage.md).",
          List.of(LANES));

  public UsageSettings {
    lanes = Set.copyOf(lanes);
  }

  static UsageSettings of(Values values) {
    return new UsageSettings(
        LANES.of(values).stream()
            .flatMap(name -> Lane.named(name).stream())
            .collect(Collectors.toSet()));
  }
}
