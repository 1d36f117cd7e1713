package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.bulk.BulkJobException.OutputUnusable;
import io.ratatoskr.formats.InputUnusable;
import java.io.IOException;
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

  private void open(Path input, String output) {
    BulkJob.open(config(input, output), BulkJob.Surroundings.system()).close();
  }

  private JobConfig config(Path input, String output) {
    return JobConfig.of(input.toString(), folder.resolve(output), JobKind.Embed.of("m"));
  }

  private void assertNothingBegan() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(n -> n.startsWith("in"));
    }
  }
}
