package io.ratatoskr.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeFolderTest {

  @Test
  void resolve_isBelowTheHome() {
    assertThat(HomeFolder.resolve(Path.of("/home/u"), ".local/share", "--data"))
        .isEqualTo(Path.of("/home/u/.local/share"));
  }

  @Test
  void resolve_withoutAHome_namesTheOption() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HomeFolder.resolve(Path.of("?"), ".local/share", "--data"))
        .withMessageContaining("--data")
        .withMessageContaining("HOME");
  }
}
