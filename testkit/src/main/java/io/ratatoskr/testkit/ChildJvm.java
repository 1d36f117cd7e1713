package io.ratatoskr.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Another JVM with this one's class path, to be killed, frozen and thawed. Standard output and
 * error go to one file, so that nothing it does can block on this JVM. It ends when this JVM ends,
 * however that happens. Get one from a {@link ProcessKiller}, which ends it with the test.
 */
public final class ChildJvm implements AutoCloseable {
  private static final Duration DEATH = Duration.ofSeconds(60);

  /** A child lives for seconds: a second compiler and collector threads would hold it up. */
  private static final List<String> BRIEF_LIFE =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final Path output;

  private ChildJvm(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * What to run.
   *
   * @param mainClass has a {@code public static void main(String[])}
   * @param args its arguments
   * @param properties system properties, {@code -D}
   * @param jvmFlags further flags for {@code java}
   * @param heap {@code -Xmx}, as in {@code 256m}
   */
  public record Command(
      String mainClass,
      List<String> args,
      Map<String, String> properties,
      List<String> jvmFlags,
      String heap) {

    public Command {
      args = List.copyOf(args);
      properties = new TreeMap<>(properties);
      jvmFlags = List.copyOf(jvmFlags);
      if (!heap.matches("[0-9]+[kmgKMG]?")) {
        throw new IllegalArgumentException("heap is " + heap + ", must be a size such as 256m");
      }
    }

    /** Runs the main class with a heap of 256 MiB. */
    public static Command of(Class<?> mainClass, String... args) {
      return new Command(mainClass.getName(), List.of(args), Map.of(), List.of(), "256m");
    }

    /** This command with one more system property. */
    public Command withProperty(String key, String value) {
      Map<String, String> more = new TreeMap<>(properties);
      more.put(key, value);
      return new Command(mainClass, args, more, jvmFlags, heap);
    }

    /** This command with more flags for {@code java}. */
    public Command withJvmFlags(String... flags) {
      List<String> more = new ArrayList<>(jvmFlags);
      more.addAll(List.of(flags));
      return new Command(mainClass, args, properties, more, heap);
    }

    /** This command with another heap, such as {@code 1g}. */
    public Command withHeap(String heap) {
      return new Command(mainClass, args, properties, jvmFlags, heap);
    }

    private List<String> line() {
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.add("-Xmx" + heap);
      line.add("--enable-native-access=ALL-UNNAMED");
      line.addAll(BRIEF_LIFE);
      line.addAll(jvmFlags);
      properties.forEach((key, value) -> line.add("-D" + key + "=" + value));
      line.add("-cp");
      line.add(System.getProperty("java.class.path"));
      line.add(ChildMain.class.getName());
      line.add(Long.toString(ProcessHandle.current().pid()));
      line.add(mainClass);
      line.addAll(args);
      return line;
    }
  }

  /** Starts the command in {@code workFolder}, its output in a file there. */
  static ChildJvm start(Command command, Path workFolder) {
    try {
      String name = command.mainClass().substring(command.mainClass().lastIndexOf('.') + 1);
      File output = Files.createTempFile(workFolder, name + "-", ".out").toFile();
      Process process =
          new ProcessBuilder(command.line())
              .directory(workFolder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
      return new ChildJvm(process, output.toPath());
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start " + command.mainClass(), e);
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended; frozen ones are alive. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The file with all it has printed. */
  public Path outputFile() {
    return output;
  }

  /** All it has printed until now. */
  public String output() {
    try {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for a whole line of output in which {@code regex} is found, from the first line on, and
   * returns that line.
   *
   * @throws AssertionError with the output if the process ends or the time is over without it
   */
  public String awaitLine(String regex, Duration atMost) {
    Pattern pattern = Pattern.compile(regex);
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(Duration.ofMillis(20))
          .pollInSameThread()
          .until(() -> printed(pattern) || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(missing(regex, "within " + atMost), e);
    }
    return lines()
        .filter(line -> pattern.matcher(line).find())
        .findFirst()
        .orElseThrow(() -> new AssertionError(missing(regex, "before it ended")));
  }

  private boolean printed(Pattern pattern) {
    return lines().anyMatch(line -> pattern.matcher(line).find());
  }

  private Stream<String> lines() {
    String text = output();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines();
  }

  private String missing(String regex, String when) {
    return "Process " + pid() + " printed no line with /" + regex + "/ " + when + ":\n" + output();
  }

  /** Ends it at once, without a chance to clean up (SIGKILL), and waits until it is gone. */
  public void kill() {
    beginKill();
    awaitExit(DEATH);
  }

  /** {@link #kill()} without the wait. */
  void beginKill() {
    process.destroyForcibly();
  }

  /** Asks it to end (SIGTERM): its shutdown hooks run. */
  public void terminate() {
    process.destroy();
  }

  /** Freezes it (SIGSTOP): it keeps its connections and locks and does nothing. */
  public void stop() {
    signal("STOP");
  }

  /** Lets a frozen one go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("Process " + pid() + " is not there for SIG" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("No kill command for SIG" + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending SIG" + name, e);
    }
  }

  /** Completes with the exit status when it ends, or has ended; see {@link #awaitExit}. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * Waits for its end and returns the exit status: 128 + the signal's number where a signal ended
   * it.
   *
   * @throws AssertionError with the output if it is still alive after {@code atMost}
   */
  public int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "Process " + pid() + " did not end within " + atMost + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for process " + pid(), e);
    }
  }

  /** Kills it if it still lives. */
  @Override
  public void close() {
    kill();
  }
}
