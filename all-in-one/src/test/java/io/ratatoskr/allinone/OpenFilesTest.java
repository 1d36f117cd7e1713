package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

  @Test
  void require_enough_isContent() {
    assertThatNoException().isThrownBy(new OpenFiles(1024)::require);
  }

  @Test
  void require_tooFew_saysHowToRaiseThem() {
    assertThatIllegalStateException()
        .isThrownBy(new OpenFiles(256)::require)
        .withMessageContaining("the limit is 256")
        .withMessageContaining("ulimit -n 1024");
  }
}
