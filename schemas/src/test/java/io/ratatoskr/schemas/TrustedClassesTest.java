package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.Provenance;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrustedClassesTest {

  /** In a JVM of its own, since any codec would declare them. */
  @Test
  void builder_firstOfAll_fillsInDefaults() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BuilderFirst.class.getName())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).contains("LOCAL");
    assertThat(child.waitFor()).isZero();
  }

  static final class BuilderFirst {
    private BuilderFirst() {}

    public static void main(String[] args) {
      System.out.println(Provenance.newBuilder().build().getLocation());
    }
  }
}
