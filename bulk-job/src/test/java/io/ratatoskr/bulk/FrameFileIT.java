package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class FrameFileIT {
  private Path folder = Path.of(".");

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("frames");
  }

  @AfterProperty
  void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 200)
  void aTornTailCostsOnlyTheFramesItReaches(
      @ForAll @Size(max = 8) List<byte[]> frames, @ForAll @IntRange(max = 200) int torn)
      throws IOException {
    Path file = folder.resolve("journal");
    Files.deleteIfExists(file);
    List<Long> ends = new ArrayList<>();
    try (FrameFile journal = FrameFile.open(file, _ -> {})) {
      for (byte[] frame : frames) {
        journal.append(frame);
        ends.add(Files.size(file));
      }
    }
    long length = Math.max(0, Files.size(file) - torn);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) length));
    int whole = (int) ends.stream().filter(end -> end <= length).count();

    assertThat(reopened(file)).containsExactlyElementsOf(frames.subList(0, whole));
  }

  @Property(tries = 200)
  void aDamagedByteIsNotRead(
      @ForAll @Size(min = 1, max = 8) List<byte[]> frames, @ForAll @IntRange(max = 1000) int at)
      throws IOException {
    Path file = folder.resolve("journal");
    Files.deleteIfExists(file);
    List<Long> ends = new ArrayList<>();
    try (FrameFile journal = FrameFile.open(file, _ -> {})) {
      for (byte[] frame : frames) {
        journal.append(frame);
        ends.add(Files.size(file));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    int damaged = at % bytes.length;
    bytes[damaged] ^= 0x40;
    Files.write(file, bytes);
    int before = (int) ends.stream().filter(end -> end <= damaged).count();

    assertThat(reopened(file)).containsExactlyElementsOf(frames.subList(0, before));
    try (FrameFile journal = FrameFile.open(file, _ -> {})) {
      journal.append(new byte[] {1, 2, 3});
    }
    assertThat(reopened(file)).hasSize(before + 1).endsWith(new byte[] {1, 2, 3});
  }

  private static List<byte[]> reopened(Path file) throws IOException {
    List<byte[]> read = new ArrayList<>();
    try (FrameFile _ =
        FrameFile.open(
            file,
            payload -> {
              byte[] bytes = new byte[payload.remaining()];
              payload.get(bytes);
              read.add(bytes);
            })) {
      return read;
    }
  }
}
