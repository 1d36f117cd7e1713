package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that does not start leaves nothing behind but the job, which can be resumed. */
@Timeout(180)
class FailedStartIT {
  @TempDir Path folder;

  @Test
  void anUnknownModelIsRefusedNamingThoseThereAreAndTheDataFolderGoes() throws IOException {
    Path input = Files.writeString(folder.resolve("in.txt"), "one text\n");
    Path output = folder.resolve("out.jsonl");
    StringWriter err = new StringWriter();

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setErr(new PrintWriter(err))
            .execute("embed", "--input=" + input, "--output=" + output, "--model=no-such-model");

    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("no-such-model").contains("all-minilm-l6-v2-q");
    assertThat(PipelineFolder.of(output)).doesNotExist();
    assertThat(output).doesNotExist();
  }
}
