package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ProcessKiller;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job in another process, killed at random moments and resumed until it is whole. */
@ExtendWith(ProcessKiller.Extension.class)
@Timeout(300)
class KilledJobIT {
  private static final int LINES = 20_000;
  private static final int KILLS = 8;
  private static final int ALL = Integer.MAX_VALUE;

  /** More than a window has, and of the job's 560 so few that three lives cannot end it. */
  private static final int REQUESTS_OF_A_LIFE = 180;

  private static final String DIMENSIONS = "64";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"embed, jsonl", "embed, parquet", "nli, jsonl", "nli, parquet"})
  void endsAsIfItHadNeverBeenKilled(String kind, String extension, ProcessKiller killer)
      throws IOException {
    long seed = Long.getLong("bulk.seed", System.nanoTime());
    System.out.println("bulk.seed=" + seed);
    Random random = new Random(seed);
    Path input = input(random);
    Path straight = folder.resolve("straight." + extension);
    assertThat(
            killer.start(command(kind, input, straight, 0, ALL)).awaitExit(Duration.ofMinutes(1)))
        .isZero();

    Path output = folder.resolve("killed." + extension);
    int kills = 0;
    while (kills < KILLS && Files.notExists(output)) {
      ChildJvm child = killer.start(command(kind, input, output, 2_000, REQUESTS_OF_A_LIFE));
      child.awaitLine("begins", Duration.ofMinutes(1));
      awaitRandomMoment(random, kind.equals("nli") ? 96 << 10 : 2 << 20, child);
      child.kill();
      kills++;
    }
    assertThat(kills).as("kills before the job was whole").isGreaterThanOrEqualTo(KILLS / 2);
    ChildJvm last = killer.start(command(kind, input, output, 0, ALL));
    assertThat(last.awaitExit(Duration.ofMinutes(1))).as(last::output).isZero();

    assertThat(output).hasSameBinaryContentAs(straight);
    assertThat(folder.resolve("killed." + extension + ".errors.jsonl"))
        .hasSameBinaryContentAs(folder.resolve("straight." + extension + ".errors.jsonl"));
    assertThat(folder.resolve("killed." + extension + ".job")).doesNotExist();
  }

  @Test
  void aSecondProcessIsRefusedWhileTheFirstRuns(ProcessKiller killer) throws IOException {
    Path input = input(new Random(1));
    Path output = folder.resolve("out.jsonl");
    ChildJvm first = killer.start(command("embed", input, output, 0, 1));
    first.awaitLine("held", Duration.ofMinutes(1));
    ChildJvm second = killer.start(command("embed", input, output, 0, ALL));
    assertThat(second.awaitExit(Duration.ofMinutes(1))).isEqualTo(1);
    assertThat(second.output()).contains("another process runs the job");
    first.kill();
  }

  private static ChildJvm.Command command(
      String kind, Path input, Path output, int pauseMicros, int mostRequests) {
    return ChildJvm.Command.of(
            ChildJob.class,
            input.toString(),
            output.toString(),
            DIMENSIONS,
            Integer.toString(pauseMicros),
            Integer.toString(mostRequests),
            kind)
        .withHeap("128m");
  }

  /** Waits until the journal or the output has grown by a random amount, or the child is held. */
  private void awaitRandomMoment(Random random, int mostBytes, ChildJvm child) {
    long target = random.nextLong(mostBytes);
    long[] last = {-1};
    long[] grown = {0};
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
        .until(() -> {
          long bytes = jobBytes();
          grown[0] += last[0] < 0 ? 0 : Math.max(0, bytes - last[0]);
          last[0] = bytes;
          return grown[0] >= target || child.output().contains("held") || !child.isAlive();
        });
  }

  private long jobBytes() {
    long bytes = 0;
    File[] folders = folder.toFile().listFiles((_, name) -> name.startsWith("killed"));
    for (File job : folders == null ? new File[0] : folders) {
      File[] files = job.listFiles();
      for (File file : files == null ? new File[0] : files) {
        bytes += file.length();
      }
    }
    return bytes;
  }

  /** Texts of mixed length, with duplicates and bad lines. */
  private Path input(Random random) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      lines.add(
          switch (random.nextInt(20)) {
            case 0 -> "{\"id\":\"bad " + i + "\"}";
            case 1 -> line("p" + i, "poison " + i, "en");
            case 2 -> line("same", "the same text", "en");
            default -> line("t" + i, "w".repeat(random.nextInt(200)) + " " + i, "l" + i % 5);
          });
    }
    return Files.write(folder.resolve("in.jsonl"), lines);
  }

  /** A line that both kinds of job understand. */
  private static String line(String id, String text, String lang) {
    return "{\"id\":\"%s\",\"text\":\"%s\",\"premise\":\"%s\",\"hypothesis\":\"h %d\",\"lang\":\"%s\"}"
        .formatted(id, text, text, text.length() % 3, lang);
  }
}
