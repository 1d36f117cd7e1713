package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void aDumbTerminal_hasNoLiveLine() {
    assertThat(Terminal.isDumb(Map.of("TERM", "dumb"))).isTrue();
    assertThat(Terminal.isDumb(Map.of("TERM", "xterm"))).isFalse();
    assertThat(Terminal.isDumb(Map.of())).isFalse();
  }

  @Test
  void colours_areLeftOutWhereTheUserWantsNone() {
    assertThat(Terminal.colourless(Map.of("NO_COLOR", "1"))).isTrue();
    assertThat(Terminal.colourless(Map.of("NO_COLOR", ""))).isFalse();
    assertThat(Terminal.colourless(Map.of())).isFalse();
  }
}
