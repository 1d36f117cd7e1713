package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands that a shell joins in a pipe. */
@Timeout(300)
class PipeIT {
  @TempDir private Path folder;

  @Test
  void rowsGoOnInOrder_andErrorLinesToStandardError() throws Exception {
    Files.writeString(
        folder.resolve("in.jsonl"),
        """
        {"id":1.50,"text":"naïve café 東京"}
        {"id":2,"text":""}
        {"id":"3","text":"Frost destroyed the blossom."}
        """);

    String codes = shell("cat in.jsonl | %s embed --input - --output - 2> errors | cat > rows");

    assertThat(codes).as(text("errors")).isEqualTo("0 2 0");
    assertThat(lines("rows"))
        .satisfiesExactly(
            row -> assertThat(row).startsWith("{\"id\":1.50,\"embedding\":["),
            row -> assertThat(row).startsWith("{\"id\":\"3\",\"embedding\":["));
    assertThat(lines("errors"))
        .singleElement()
        .asString()
        .isEqualTo(
            "{\"line\":2,\"id\":2,\"code\":\"InvalidInput\",\"reason\":\"the text is empty\"}");
  }

  @Test
  void aReaderThatHasGoneEndsTheJobQuietly() throws Exception {
    StringBuilder lines = new StringBuilder("id,premise,hypothesis\n");
    for (int i = 0; i < 100_000; i++) {
      lines.append(i).append(",It rains ").append(i).append(" times.,It is wet.\n");
    }
    Files.writeString(folder.resolve("in.csv"), lines);

    String codes = shell("%s nli --input in.csv --output - 2> errors | head -3 > rows");

    assertThat(codes).as(text("errors")).isEqualTo("0 0");
    assertThat(text("errors")).isEmpty();
    List<String> rows = lines("rows");
    assertThat(rows).hasSize(3);
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = JsonMapper.shared().readTree(rows.get(i));
      assertThat(row.get("id").asString()).isEqualTo(Integer.toString(i));
      assertThat(row.get("label").asString()).isNotEmpty();
    }
  }

  /** Exit codes of the pipe's commands. */
  private String shell(String pipe) throws IOException, InterruptedException {
    String ratatoskr =
        String.join(
            " ",
            "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -Xmx1g",
            "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow",
            // Not what tests log, which goes to standard output.
            "'-Dlogback.configurationFile=" + Main.class.getResource("/logback.xml") + "'",
            "-cp '" + System.getProperty("java.class.path") + "'",
            Main.class.getName());
    Process shell =
        new ProcessBuilder(
                "bash", "-c", pipe.formatted(ratatoskr) + "; echo -n \"${PIPESTATUS[*]}\" > codes")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try {
      assertThat(shell.waitFor(4, TimeUnit.MINUTES)).isTrue();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    return text("codes");
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file));
  }
}
