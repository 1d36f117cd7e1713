package io.ratatoskr.settings;

import java.util.List;

/** All mistakes in a configuration. The message is the first mistake and how many follow. */
public final class InvalidSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<InvalidSettingException> mistakes;

  InvalidSettingsException(List<InvalidSettingException> mistakes) {
    super(message(mistakes), mistakes.get(0));
    this.mistakes = List.copyOf(mistakes);
  }

  private static String message(List<InvalidSettingException> mistakes) {
    String first = String.valueOf(mistakes.get(0).getMessage());
    return mistakes.size() == 1
        ? first
        : "%s (and %d more: see 'ratatoskr config check')".formatted(first, mistakes.size() - 1);
  }

  /** Each mistake, in the order of the files; at least one. */
  public List<InvalidSettingException> mistakes() {
    return mistakes;
  }
}
