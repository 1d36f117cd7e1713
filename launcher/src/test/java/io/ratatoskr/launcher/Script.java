package io.ratatoskr.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The {@code ratatoskr} script in a folder of its own, which has what was built, and no sources
 * unless a test puts some there.
 *
 * @param home the folder
 */
record Script(Path home) {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final int PATIENCE_SECONDS = 180;

  /** What became of a run. */
  record Ran(int exitCode, String out, String err) {}

  /** Copies the script there; what it runs is that of the checkout. */
  static Script in(Path home) throws IOException {
    Files.createDirectories(home.resolve("launcher/target/app"));
    Files.copy(
        CHECKOUT.resolve("ratatoskr"),
        home.resolve("ratatoskr"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Script script = new Script(home);
    Files.createSymbolicLink(script.lib(), built());
    return script;
  }

  /** The jars of the checkout. */
  static Path built() {
    return CHECKOUT.resolve("launcher/target/app/lib");
  }

  Path lib() {
    return home.resolve("launcher/target/app/lib");
  }

  /** Runs it with nothing in its environment but a path and a JDK, and what is given. */
  Ran run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("ratatoskr").toString()));
    command.addAll(List.of(arguments));
    return run(home, environment, command);
  }

  /** Runs a line of shell, to which the script is {@code "$0"}. */
  Ran shell(Map<String, String> environment, String line) {
    return run(
        home, environment, List.of("bash", "-c", line, home.resolve("ratatoskr").toString()));
  }

  static Ran run(Path folder, Map<String, String> environment, List<String> command) {
    Map<String, String> whole = new HashMap<>();
    whole.put("PATH", System.getenv("PATH"));
    whole.put("JAVA_HOME", System.getProperty("java.home"));
    whole.putAll(environment);
    try {
      Path out = Files.createTempFile("script-", ".out");
      Path err = Files.createTempFile("script-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(whole);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(command + " did not end:\n" + text(out) + text(err));
      }
      Ran ran = new Ran(process.exitValue(), text(out), text(err));
      Files.delete(out);
      Files.delete(err);
      return ran;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
