package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashMemoIT {
  private static final String REMEMBERED = "0123456789abcdef".repeat(4);

  @TempDir private Path temp = Path.of("");
  private HashMemo memo = new HashMemo(Path.of(""));

  @BeforeEach
  void inAFolderThatIsNotThereYet() {
    memo = new HashMemo(temp.resolve("a/memo"));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private List<Path> remembered() throws IOException {
    try (Stream<Path> files = Files.list(memo.folder())) {
      return files.toList();
    }
  }

  @Test
  void sha256_isThatOfTheContentInOrder() throws IOException {
    Path whole = file("whole", "graph and weights");

    String hash = memo.sha256(List.of(file("graph", "graph and "), file("weights", "weights")));

    assertThat(hash).isEqualTo(ContentHash.of(whole));
  }

  @Test
  void sha256_ofWhatIsKnown_isNotComputedAgain() throws IOException {
    Path model = file("model", "a model");
    memo.sha256(List.of(model));
    Files.writeString(remembered().getFirst(), REMEMBERED);

    assertThat(memo.sha256(List.of(model))).isEqualTo(REMEMBERED);
  }

  @Test
  void sha256_ofAnotherContent_isItsOwn_whateverSizeAndTime() throws IOException {
    Path model = file("model", "a model");
    FileTime time = Files.getLastModifiedTime(model);
    memo.sha256(List.of(model));
    file("model", "A model");
    Files.setLastModifiedTime(model, time);

    assertThat(memo.sha256(List.of(model))).isEqualTo(ContentHash.of(model));
  }

  @Test
  void sha256_whereTheMemoIsDamaged_isComputedAgain() throws IOException {
    Path model = file("model", "a model");
    String hash = memo.sha256(List.of(model));
    Files.writeString(remembered().getFirst(), "half");

    assertThat(memo.sha256(List.of(model))).isEqualTo(hash);
    assertThat(remembered().getFirst()).hasContent(hash);
  }

  @Test
  void sha256_whereNothingCanBeRemembered_isComputed() throws IOException {
    Path model = file("model", "a model");
    HashMemo nowhere = new HashMemo(file("no-folder", ""));

    assertThat(nowhere.sha256(List.of(model))).isEqualTo(ContentHash.of(model));
  }
}
