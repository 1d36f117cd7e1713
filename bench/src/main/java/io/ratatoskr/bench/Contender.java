package io.ratatoskr.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something that embeds texts, in a process of its own, so that no runtime and no heap is shared.
 * It loads and warms up, says so in one line of JSON, and then embeds all its texts once whenever
 * it is told to: contenders take turns, and start-up is in none of the figures.
 */
final class Contender implements AutoCloseable {
  private static final Pattern COMPILER_FLAG = Pattern.compile("-XX:Tier4\\w+=\\d+");
  static final String NO_SPIN = "session.intra_op.allow_spinning=0";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private final String name;
  private final Process process;
  private final BufferedReader replies;
  private final Writer commands;
  private final JsonNode ready;

  private Contender(String name, Process process) {
    this.name = name;
    this.process = process;
    this.replies = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.ready = reply();
  }

  /**
   * How to start one.
   *
   * @param classPath of a JVM; empty for anything else. It travels in the environment, since
   *     runtimes have been seen to stumble over command lines of more than 4,000 characters
   */
  record Start(String classPath, List<String> command) {}

  /** Starts a process and waits until it is ready. What it logs goes to a file below target. */
  static Contender start(String name, Start start) {
    Path log = Home.bench("target/logs/" + name.replaceAll("[^a-zA-Z0-9]+", "-") + ".log");
    try {
      Files.createDirectories(log.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(start.command())
              .directory(Home.repository().toFile())
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().put("CLASSPATH", start.classPath());
      Contender contender = new Contender(name, builder.start());
      Report.progress(
          "%s is ready after %s s".formatted(name, Report.number(contender.loadSeconds())));
      return contender;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + name, e);
    }
  }

  /** A JVM with the same heap for everyone. */
  private static Start java(
      String classPath, List<String> flags, String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dai.djl.offline=true",
                "-Dbench.home=" + Home.repository()));
    command.addAll(flags);
    command.add(main);
    command.addAll(List.of(arguments));
    return new Start(classPath, command);
  }

  /** A JVM of this module: another command of {@link Bench}. */
  static Start bench(String... arguments) {
    return java(System.getProperty("java.class.path"), List.of(), Bench.class.getName(), arguments);
  }

  /**
   * The same on the class path, with the start cache and the compiler's flags that the {@code
   * ratatoskr} script sets for a job. Builds the command first where it is not yet.
   */
  static Start asTheScript(String... arguments) {
    try {
      Path script = Home.repository().resolve("ratatoskr");
      Process built =
          new ProcessBuilder(script.toString(), "--version")
              .inheritIO()
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (built.waitFor() != 0) {
        throw new IllegalStateException(script + " cannot be built");
      }
      Path app = Home.repository().resolve("launcher/target/app");
      List<String> flags =
          new ArrayList<>(
              COMPILER_FLAG
                  .matcher(Files.readString(script))
                  .results()
                  .map(MatchResult::group)
                  .toList());
      flags.add("-XX:AOTCache=" + app.resolve("start.aot"));
      try (Stream<Path> jars = Files.list(app.resolve("lib"))) {
        // In the script's order, and before all else: the cache is valid for that beginning alone.
        String classPath =
            jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        return java(
            classPath + File.pathSeparator + System.getProperty("java.class.path"),
            flags,
            Bench.class.getName(),
            arguments);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A JVM of the peers' module, on one of its class paths. */
  static Start peer(String lib, String main, String... arguments) {
    return java(
        Home.bench("peers/jvm/target/" + lib) + File.separator + "*",
        List.of(),
        "io.ratatoskr.bench.peers." + main,
        arguments);
  }

  /** What a bare loop with so many callers is best started with: no thread of it spins. */
  static String bareOptions(int callers) {
    return callers > 1 ? NO_SPIN : "-";
  }

  /**
   * The floor: the runtime in a loop, its callers and nothing around it.
   *
   * @param model a model on the class path, or a folder
   * @param threads of each inference; 0 leaves them to the runtime
   * @param options of {@code BareLoop}
   */
  static Start bareLoop(
      String model, Path texts, int count, int callers, int threads, int budget, String options) {
    return peer(
        "lib-same",
        "BareLoop",
        model,
        texts.toString(),
        "" + count,
        "" + callers,
        "" + threads,
        "" + budget,
        options);
  }

  /** sentence-transformers, where its optional environment has been set up. */
  static Optional<Start> sentenceTransformers(Path texts, int count) {
    Path python = Home.bench("peers/sentence_transformers/.venv/bin/python");
    if (!Files.isExecutable(python)) {
      Report.progress("no sentence-transformers: bench/peers/sentence_transformers/setup makes it");
      return Optional.empty();
    }
    String script = Home.bench("peers/sentence_transformers/run.py").toString();
    return Optional.of(
        new Start(
            "", List.of(python.toString(), script, texts.toString(), Integer.toString(count))));
  }

  String name() {
    return name;
  }

  double loadSeconds() {
    return ready.path("loadSeconds").asDouble(0);
  }

  /** Its largest resident set so far; 0 where the system does not tell. */
  long mostMemoryMiB() {
    return ProcessFigures.mostMemoryMiB(process);
  }

  /** Processor time that it has taken so far, in seconds. */
  double cpuSeconds() {
    return ProcessFigures.cpuSeconds(process);
  }

  /** One of the settings that it says of itself. */
  String setting(String key) {
    return ready.path("settings").path(key).asString("");
  }

  /** What it runs on and how, as it says itself. */
  String versions() {
    return flat(ready.path("versions"));
  }

  String settings() {
    return flat(ready.path("settings"));
  }

  private static String flat(JsonNode object) {
    return object.properties().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue().asString(""))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Texts a second of one more run. */
  double run(Slice slice) {
    return rate(command(line(slice)));
  }

  /** The same, leaving the vectors in a file as little-endian f32. */
  double run(Slice slice, Path vectors) {
    return rate(command(line(slice) + " " + vectors));
  }

  private static String line(Slice slice) {
    return "run %d %d".formatted(slice.from(), slice.to());
  }

  /** One more run, whatever it says about itself. */
  CompletableFuture<JsonNode> runAsync() {
    return runAsync(Slice.WHOLE);
  }

  /** One more run, with two numbers that are not a slice to every contender. */
  CompletableFuture<JsonNode> runAsync(Slice slice) {
    return CompletableFuture.supplyAsync(() -> command(line(slice)), THREADS);
  }

  private static double rate(JsonNode reply) {
    return reply.path("texts").asDouble() / reply.path("seconds").asDouble();
  }

  /** Gives it a line, and returns what it answers. */
  JsonNode command(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended", e);
    }
    return reply();
  }

  private JsonNode reply() {
    CompletableFuture<JsonNode> reply = CompletableFuture.supplyAsync(this::read, THREADS);
    try {
      return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      close();
      throw new IllegalStateException(name + " has not answered for " + PATIENCE, e);
    } catch (ExecutionException e) {
      close();
      throw new IllegalStateException(name + " failed; its log is below bench/target/logs", e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whatever else a library prints there does not begin with a brace. */
  private JsonNode read() {
    try {
      for (String line = replies.readLine(); line != null; line = replies.readLine()) {
        if (line.startsWith("{")) {
          return JsonMapper.shared().readTree(line);
        }
      }
      throw new IllegalStateException("the process ended");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * {@link #serve(Map, Runs)} for one without versions and settings of its own.
   *
   * @param start when it began to start, by {@link System#nanoTime}
   */
  static void serve(String peer, long start, Runs runs) throws Exception {
    serve(ready(peer, Map.of(), start), runs);
  }

  /** What one says when it is ready. */
  static Map<String, ?> ready(String peer, Map<String, ?> settings, long start) {
    return Map.of(
        "peer",
        peer,
        "versions",
        Map.of(),
        "settings",
        settings,
        "loadSeconds",
        (System.nanoTime() - start) / 1e9);
  }

  /** The other side: embeds once for each line {@code run FROM TO [FILE]} on standard input. */
  static void serve(Map<String, ?> ready, Runs runs) throws Exception {
    listen(
        ready,
        line -> {
          String[] words = line.split(" ", 4);
          return runs.run(
              new Slice(Integer.parseInt(words[1]), Integer.parseInt(words[2])),
              words.length == 4 ? Optional.of(Path.of(words[3])) : Optional.empty());
        });
  }

  /** The other side: answers each line on standard input, until that ends. */
  static void listen(Map<String, ?> ready, Answers answers) throws Exception {
    say(ready);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      say(answers.to(line));
    }
  }

  /** What is answered to a line. */
  @FunctionalInterface
  interface Answers {
    /** Something that can be written as a JSON object. */
    Object to(String line) throws Exception;
  }

  /** One run over some of the texts. */
  @FunctionalInterface
  interface Runs {
    /**
     * Embeds texts.
     *
     * @param slice which
     * @param vectors where to leave them as little-endian f32, if anywhere
     * @return {@code texts} and {@code seconds}
     */
    Map<String, ?> run(Slice slice, Optional<Path> vectors) throws Exception;
  }

  private static void say(Object what) {
    System.out.println(JsonMapper.shared().writeValueAsString(what));
    System.out.flush();
  }
}
