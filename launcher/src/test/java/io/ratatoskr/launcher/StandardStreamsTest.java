package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardStreamsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void outputIsUtf8() {
    StandardStreams streams = new StandardStreams(out, err);

    streams.out().println("\u6771\u4eac");

    assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo("\u6771\u4eac");
    assertThat(streams.checked(ExitCode.WHOLE)).isEqualTo(ExitCode.WHOLE);
  }

  @Test
  void outputThatIsLost_isAFailure_saidInOneLine() {
    StandardStreams streams = new StandardStreams(failing("No space left on device"), err);

    streams.out().println("an answer");

    assertThat(streams.checked(ExitCode.WHOLE)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("ratatoskr: cannot write to standard output: No space left on device");
  }

  @ParameterizedTest
  @ValueSource(ints = {ExitCode.FAILED, ExitCode.ERROR_LINES, ExitCode.DISK_FULL})
  void anotherFailure_staysWhatItIs(int exitCode) {
    StandardStreams streams = new StandardStreams(failing("No space left on device"), err);

    streams.out().println("an answer");

    assertThat(streams.checked(exitCode)).isEqualTo(exitCode);
    assertThat(err.size()).isZero();
  }

  @Test
  void aReaderThatHasGone_isNone() {
    StandardStreams streams = new StandardStreams(failing("Broken pipe"), err);

    streams.out().println("an answer");

    assertThat(streams.checked(ExitCode.WHOLE)).isEqualTo(ExitCode.WHOLE);
    assertThat(err.size()).isZero();
  }
}
