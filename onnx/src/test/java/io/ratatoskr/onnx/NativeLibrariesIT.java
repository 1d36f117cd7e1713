package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesIT {
  @TempDir Path temp;

  @Test
  void extract_second_usesWhatIsThere() throws IOException {
    Path folder = extract();
    Path library = folder.resolve(System.mapLibraryName("onnxruntime"));
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(library, longAgo);

    assertThat(extract()).isEqualTo(folder);

    assertThat(Files.getLastModifiedTime(library)).isEqualTo(longAgo);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void extract_damagedOrHalf_isMended() throws IOException {
    Path folder = extract();
    Path library = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    byte[] whole = Files.readAllBytes(library);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(library, damaged);
    Files.writeString(folder.resolve(library.getFileName() + ".part"), "of a killed process");

    assertThat(extract()).isEqualTo(folder);

    assertThat(Files.readAllBytes(library)).isEqualTo(whole);
    assertThat(folder.resolve(library.getFileName() + ".part")).doesNotExist();
  }

  @Test
  void keepIn_twoProcessesAtOnceThenKilled_leaveNothingInTheTemporaryFolder()
      throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(temp.resolve("tmp"));
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        processes.add(start(temporary));
      }
      for (Process process : processes) {
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("loaded from " + folders().findFirst().orElseThrow());
      }
    } finally {
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
    }

    assertThat(folders()).hasSize(1);
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private Process start(Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow(),
            Loading.class.getName(),
            temp.resolve("cache").toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The main class of a process that loads the runtime and then waits to be killed. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] arguments) throws IOException {
      NativeLibraries.keepIn(new ModelCache(Path.of(arguments[0])));
      try (OrtEnvironment environment = OrtEnvironment.getEnvironment()) {
        String from = System.getProperty(NativeLibraries.PATH_PROPERTY);
        System.out.println(
            environment.getVersion().isEmpty() ? "no version" : "loaded from " + from);
        while (System.in.read() >= 0) {
          // Until it is killed.
        }
      }
    }
  }

  private Path extract() throws IOException {
    return Objects.requireNonNull(NativeLibraries.extract(temp.resolve("cache")));
  }

  private Stream<Path> folders() throws IOException {
    try (Stream<Path> folders = Files.list(temp.resolve("cache"))) {
      return folders.toList().stream();
    }
  }
}
