package io.ratatoskr.launcher;

import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** A process that a test starts and interrupts, and starts again where chance spoiled that. */
final class TestProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int TRIALS = 5;
  private static final String TAKEN = "Can't listen on";

  private TestProcess() {}

  /** Runs this command line. */
  static Command command(String... args) {
    return Command.of(Main.class, args)
        .withJvmFlags("--sun-misc-unsafe-memory-access=allow")
        .withHeap("1g");
  }

  /**
   * Starts a job and interrupts it half way. One whose output is whole by then proves nothing: its
   * output goes, and it is started again.
   *
   * @param progress what the job writes as answers come
   * @param bytes how long that is half way
   * @param start starts the job anew, whatever is there
   * @return the job's process, which may have ended
   */
  static ChildJvm interruptHalfWay(
      Path output,
      Path progress,
      long bytes,
      Supplier<ChildJvm> start,
      Consumer<ChildJvm> interruption)
      throws IOException {
    File answers = progress.toFile();
    for (int trial = 0; trial < TRIALS; trial++) {
      ChildJvm job = start.get();
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> answers.length() >= bytes || !job.isAlive());
      interruption.accept(job);
      if (Files.notExists(output)) {
        return job;
      }
      job.awaitExit(PATIENCE);
      Files.delete(output);
      Files.deleteIfExists(progress);
    }
    throw new AssertionError(
        "Each of " + TRIALS + " jobs was whole before it could be interrupted");
  }

  /**
   * Starts what listens on a port that a killed process had, and waits for a line of its output.
   * Until then the port is anybody's.
   */
  static ChildJvm startOnFreedPort(Supplier<ChildJvm> start, String ready) {
    for (int trial = 1; ; trial++) {
      ChildJvm child = start.get();
      String line = child.awaitLine(ready + "|" + TAKEN, PATIENCE);
      if (!line.contains(TAKEN) || trial == TRIALS) {
        child.awaitLine(ready, PATIENCE);
        return child;
      }
      child.awaitExit(PATIENCE);
    }
  }
}
