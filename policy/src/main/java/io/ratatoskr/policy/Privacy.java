package io.ratatoskr.policy;

import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.List;

/**
 * Where data may go, whatever a request allows.
 *
 * @param most the most that any request can allow
 */
public record Privacy(DataPolicy most) {
  static final Setting<DataPolicy> MOST =
      Setting.choice(
          "privacy.data-policy",
          DataPolicy.REMOTE_ALLOWED,
          "The most that a request can allow. With `local-only` no data leave this deployment's"
              + " machines, whatever requests say.");

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section("privacy", "Where data may go, for all requests.", List.of(MOST));

  /** What that file says. */
  static Privacy of(Values values) {
    return new Privacy(MOST.of(values));
  }

  /** What a request may do that allows so much itself. */
  DataPolicy limit(DataPolicy asked) {
    return asked.compareTo(most) < 0 ? asked : most;
  }
}
