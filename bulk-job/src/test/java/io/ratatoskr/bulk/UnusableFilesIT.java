package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.bulk.BulkJobException.OutputUnusable;
import io.ratatoskr.formats.InputUnusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an input or an output before a job begins. */
class UnusableFilesIT {
  @TempDir private Path folder;

  @Test
  void saysSoBeforeItBeginsWhereInputOrOutputCannotBeUsed() throws IOException {
    Path input = Files.writeString(folder.resolve("in.txt"), "text\n");
    assertThatThrownBy(() -> open(input, "no/such/out.jsonl"))
        .isInstanceOf(OutputUnusable.class)
        .hasMessageContaining("there is no folder");
    assertThatThrownBy(() -> config(input, "out.csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must end in .jsonl or .parquet");
    assertThatThrownBy(() -> open(folder.resolve("absent.txt"), "out.jsonl"))
        .isInstanceOf(InputUnusable.class);
    assertNothingBegan();
  }

  @Test
  void noFolderIsMadeForAnInputOfWhichNoLineCanBeRead() throws IOException {
    Path csv = Files.writeString(folder.resolve("in.csv"), "id,text,text\n1,a,b\n");
    assertThatThrownBy(() -> open(csv, "out.jsonl"))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("two columns 'text'");
    Path utf16 = folder.resolve("in.txt");
    Files.write(utf16, "a\n".getBytes(StandardCharsets.UTF_16LE));
    assertThatThrownBy(() -> open(utf16, "out.jsonl"))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("zero bytes");
    assertNothingBegan();
  }

  private void open(Path input, String output) {
    BulkJob.open(config(input, output), BulkJob.Surroundings.system()).close();
  }

  private JobConfig config(Path input, String output) {
    return JobConfig.of(input.toString(), folder.resolve(output), EmbedJob.of("m"));
  }

  private void assertNothingBegan() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(n -> n.startsWith("in"));
    }
  }
}
