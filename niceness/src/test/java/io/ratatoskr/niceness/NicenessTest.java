package io.ratatoskr.niceness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NicenessTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void inThreadOf_bulk_isNicerAndSoAreItsChildren() {
    int usual = Niceness.COMPUTING.inThreadOf(Lane.INTERACTIVE, NicenessTest::ofThisThread);

    assertThat(Niceness.COMPUTING.inThreadOf(Lane.BULK, NicenessTest::ofThisThread))
        .isGreaterThan(usual);
    assertThat(Niceness.COMPUTING.inThreadOf(Lane.BULK, NicenessTest::ofAChild))
        .isGreaterThan(usual);
    assertThat(ofThisThread()).isEqualTo(usual);
  }

  @Test
  void inThreadOf_failure_isTheCallers() {
    assertThatThrownBy(() ->
            Niceness.COMPUTING.inThreadOf(
                Lane.BULK,
                () -> {
                  throw new IllegalStateException("no start");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no start");
  }

  private static int ofAChild() {
    CompletableFuture<Integer> child = new CompletableFuture<>();
    var _ = Thread.ofPlatform().start(() -> child.complete(ofThisThread()));
    return child.join();
  }

  /** Field 19 of the kernel's own words on a thread; the second one, its name, may hold blanks. */
  private static int ofThisThread() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(
          List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(19 - 3));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
