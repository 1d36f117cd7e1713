package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheIT {
  private static final String RESOURCE = "/models/hidden/tokenizer.json";

  @TempDir Path temp;
  private ModelCache cache = new ModelCache(Path.of(""));
  private long size;
  private String sha256 = "";

  @BeforeEach
  void measure() throws IOException {
    Path resource = TinyModels.folder("hidden").resolve("tokenizer.json");
    size = Files.size(resource);
    sha256 = ContentHash.of(resource);
    cache = new ModelCache(temp.resolve("a/cache"));
  }

  @Test
  void file_second_isNotWrittenAgain() throws IOException {
    Path file = file();
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(file, longAgo);
    assertThat(file()).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
  }

  @Test
  void file_damagedOrCutShort_isWrittenAgain() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(file(), damaged);
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    Files.write(file(), java.util.Arrays.copyOf(whole, 10));
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
  }

  @Test
  void file_restOfAKilledProcess_doesNotDisturb() throws IOException {
    Files.createDirectories(cache.directory());
    Files.writeString(cache.directory().resolve("x.json.part"), "half");
    assertThat(ContentHash.of(file())).isEqualTo(sha256);
    assertThat(cache.directory().resolve("x.json.part")).doesNotExist();
  }

  @Test
  void file_fromManyThreads_isWholeForEach() {
    List<CompletableFuture<String>> hashes =
        IntStream.range(0, 16)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(() -> {
                  try {
                    return ContentHash.of(file());
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))
            .toList();
    assertThat(hashes).allSatisfy(hash -> assertThat(hash.join()).isEqualTo(sha256));
  }

  @Test
  void file_resourceOfAnotherVersion_isRefusedAndLeavesNothing() throws IOException {
    ModelLoadException refused =
        catchThrowableOfType(
            ModelLoadException.class, () -> cache.file("x.json", RESOURCE, size, "0".repeat(64)));
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.CACHE);
    assertThat(refused).hasMessageContaining("another version");
    try (Stream<Path> files = Files.list(cache.directory())) {
      assertThat(files).containsExactly(cache.directory().resolve("x.json.lock"));
    }
  }

  @Test
  void file_resourceThatIsNotThere_saysSo() {
    ModelLoadException refused =
        catchThrowableOfType(
            ModelLoadException.class, () -> cache.file("x", "/none.onnx", 1, sha256));
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.MISSING_FILE);
    assertThat(refused).hasMessageContaining("/none.onnx");
  }

  @Test
  void file_folderThatCannotBeWritten_namesItAndTheVariable() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    cache = new ModelCache(file);
    ModelLoadException refused = catchThrowableOfType(ModelLoadException.class, this::file);
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.CACHE);
    assertThat(refused).hasMessageContainingAll(file.toString(), "RATATOSKR_CACHE_DIR");
  }

  @Test
  void builtIn_unknownName_namesThoseThereAre() {
    ModelLoadException refused =
        catchThrowableOfType(ModelLoadException.class, () -> ModelFiles.builtIn("gpt-99", cache));
    assertThat(refused.reason()).isEqualTo(ModelLoadException.Reason.UNKNOWN_MODEL);
    assertThat(refused).hasMessageContainingAll("gpt-99", "all-minilm-l6-v2-q");
  }

  @Test
  void standard_withTheVariable_isThatFolder() {
    Path home = Path.of("/home/u");
    assertThat(ModelCache.standard(Map.of("RATATOSKR_CACHE_DIR", "/x"), home, temp).directory())
        .isEqualTo(Path.of("/x"));
    assertThat(ModelCache.standard(Map.of(), home, temp).directory())
        .isEqualTo(Path.of("/home/u/.cache/ratatoskr/models"));
  }

  @Test
  void standard_withoutAHome_isOneFolderOfThisUserAlone() throws IOException {
    Path folder = ModelCache.standard(Map.of(), Path.of("?"), temp).directory();

    assertThat(folder.startsWith(temp)).isTrue();
    assertThat(ModelCache.standard(Map.of(), Path.of("?"), temp).directory()).isEqualTo(folder);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void standard_withoutAHome_usesNoFolderThatOthersCanWriteTo() throws IOException {
    Path first = ModelCache.standard(Map.of(), Path.of("?"), temp).directory().getParent();
    Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(ModelCache.standard(Map.of(), Path.of("?"), temp).directory().getParent())
        .isNotEqualTo(first);
  }

  private Path file() {
    return cache.file("x.json", RESOURCE, size, sha256);
  }
}
