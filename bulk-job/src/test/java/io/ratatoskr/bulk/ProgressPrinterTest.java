package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
  private static final Progress HALF =
      new Progress(
          "texts",
          12_345,
          OptionalLong.of(25_000),
          false,
          652.4,
          83_100,
          1_000_000,
          17,
          1,
          64,
          Duration.ofSeconds(19),
          Optional.of(Duration.ofSeconds(75)));
  private static final Progress UNKNOWN =
      new Progress(
          "pairs",
          3,
          OptionalLong.empty(),
          false,
          1.5,
          9,
          20,
          0,
          0,
          2,
          Duration.ofSeconds(2),
          Optional.empty());

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long nanos;

  @Test
  void aLineSaysHowFarTheJobIs() {
    assertThat(ProgressLine.of(HALF, 200, false))
        .isEqualTo(
            "12,345 of about 25,000 (49 %) · 652 texts/s · ETA 1:15 min · 83,100 tokens/s"
                + " · 1 error · 17 reused · 64 in flight");
    assertThat(ProgressLine.of(UNKNOWN, 200, false))
        .isEqualTo("3 done · 1.5 pairs/s · 9.0 tokens/s · 2 in flight");
  }

  @Test
  void aLineFitsTheWidth() {
    assertThat(ProgressLine.of(HALF, 60, false))
        .isEqualTo("12,345 of about 25,000 (49 %) · 652 texts/s · ETA 1:15 min");
    assertThat(ProgressLine.of(HALF, 20, false)).isEqualTo("12,345 of about 25,0");
  }

  @Test
  void coloursStandOutsideTheText() {
    assertThat(ProgressLine.of(HALF, 200, true))
        .startsWith("\u001b[1m12,345 of about 25,000 (49 %)\u001b[0m · 652 texts/s")
        .contains("\u001b[31m · 1 error\u001b[0m");
  }

  @Test
  void aCutLineEndsItsColour() {
    assertThat(ProgressLine.of(HALF, 20, true)).isEqualTo("\u001b[1m12,345 of about 25,0\u001b[0m");
  }

  @Test
  void aTerminalWithoutColours_hasALiveLineToo() {
    ProgressPrinter printer = new ProgressPrinter(out, true, false, () -> 41, () -> nanos);
    printer.progress(UNKNOWN);
    assertThat(printed()).isEqualTo("\r3 done · 1.5 pairs/s · 9.0 tokens/s");
  }

  @Test
  void aTerminalHasOneLiveLine() {
    ProgressPrinter printer = new ProgressPrinter(out, true, true, () -> 41, () -> nanos);
    printer.progress(HALF);
    printer.progress(UNKNOWN);
    printer.clear();
    assertThat(printed())
        .isEqualTo(
            "\r\u001b[1m12,345 of about 25,000 (49 %)\u001b[0m"
                + "\r\u001b[1m3 done\u001b[0m · 1.5 pairs/s · 9.0 tokens/s"
                + "\r"
                + " ".repeat(35)
                + "\r");
  }

  @Test
  void elsewhereALineComesEveryTenSeconds() {
    ProgressPrinter printer = new ProgressPrinter(out, false, true, () -> 80, () -> nanos);
    for (int second = 0; second <= 25; second++) {
      nanos = Duration.ofSeconds(second).toNanos();
      printer.progress(UNKNOWN);
    }
    assertThat(printed().lines())
        .hasSize(2)
        .containsOnly("3 done · 1.5 pairs/s · 9.0 tokens/s · 2 in flight");
  }

  @Test
  void aSummaryClosesTheJob() {
    Path output = Path.of("out.jsonl");
    Path errors = Path.of("out.jsonl.errors.jsonl");
    assertThat(ProgressLine.summary(new JobResult.WithErrorLines(HALF, output, 5_000, errors, 1)))
        .isEqualTo(
            """
            12,345 lines in 19 s (652 texts/s, 83,100 tokens/s), 1 error, 17 reused
            out.jsonl (4.9 KiB)
            1 error line in out.jsonl.errors.jsonl\
            """);
    assertThat(ProgressLine.summary(new JobResult.Whole(UNKNOWN, output, 5 << 20)))
        .isEqualTo(
            """
            3 lines in 2.0 s (1.5 pairs/s, 9.0 tokens/s), 0 errors, 0 reused
            out.jsonl (5.0 MiB)\
            """);
    assertThat(ProgressLine.summary(new JobResult.Interrupted(UNKNOWN)))
        .startsWith("Interrupted: 3 lines in 2.0 s")
        .endsWith("\nResume the job to go on.");
    assertThat(ProgressLine.summary(new JobResult.AlreadyWhole(output)))
        .isEqualTo("out.jsonl is whole already; there is nothing to resume.");
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
