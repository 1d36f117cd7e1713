package io.ratatoskr.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlatformEncodingTest {

  @Test
  void utf8_takesEveryArgument() {
    PlatformEncoding encoding = new PlatformEncoding(StandardCharsets.UTF_8);

    assertThat(encoding.refusal(new String[] {"embed", "na\u00efve \u6771\u4eac"})).isEmpty();
    // This process was started with UTF-8 arguments, so the character was meant.
    assertThat(encoding.refusal(new String[] {"embed", "broken \ufffd"})).isEmpty();
  }

  @Test
  void another_takesPlainArguments_andSaysWhatToSetForOthers() {
    PlatformEncoding encoding = new PlatformEncoding(StandardCharsets.ISO_8859_1);

    assertThat(encoding.refusal(new String[] {"embed", "plain"})).isEmpty();
    assertThat(encoding.refusal(new String[] {"embed", "na\u00c3\u00afve"}))
        .hasValueSatisfying(
            refusal -> assertThat(refusal).contains("ISO-8859-1").contains("LC_ALL=C.UTF-8"));
  }
}
