package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.client.EmbedRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A job whose lines are answered one by one, by whatever answers them: each becomes one line of the
 * output, in the input's order, or one line of the errors file. Like {@link BulkJob} in all that is
 * seen of it: the job's folder, resuming, progress, results.
 *
 * <p>An answer is kept as soon as those before it are: in {@code answers.log} of the job's folder,
 * of which output and errors are made at the end. So one file says how far the job is.
 */
public final class LineJob implements AutoCloseable {
  static final byte ANSWER = 1;
  static final byte REFUSAL = 2;

  /** Lines are read as a job of this kind reads them; who answers them is not of its concern. */
  private static final JobKind TEXTS =
      new JobKind.Embed("none", EmbedRequest.InputType.QUERY, EmbedRequest.Truncation.ERROR);

  private final JobConfig config;
  private final BulkJob.Surroundings surroundings;
  private final @Nullable Opened opened;

  private record Opened(JobFolder folder, InputFile input) {
    Path answers() {
      return folder.output().resolveSibling("answers.log");
    }
  }

  /**
   * A good line.
   *
   * @param id its id
   * @param number whether the id was a number, and is to be written as one
   */
  public record Question(String id, boolean number, String text) {}

  /** Answers lines. */
  @FunctionalInterface
  public interface Answerer {
    /**
     * Answers one.
     *
     * @return one JSON object; failures mean what they mean for a {@link BulkJob}'s requests
     */
    CompletableFuture<byte[]> answer(Question question);
  }

  private LineJob(JobConfig config, BulkJob.Surroundings surroundings, @Nullable Opened opened) {
    this.config = config;
    this.surroundings = surroundings;
    this.opened = opened;
  }

  /**
   * Fields named text and id.
   *
   * @param file path, or {@code -} for standard input, which is read as jsonl
   * @throws IllegalArgumentException if an extension is not known, naming those that are
   */
  public static JobInput input(String file) {
    return JobInput.of(file, TEXTS);
  }

  /** Makes texts of an input's lines. */
  static LineParser parser(JobInput source) {
    return LineParser.of(JobConfig.of(source, Path.of("nothing-is-written.jsonl"), TEXTS));
  }

  /**
   * Checks input and output, and begins the job or takes up the unfinished one.
   *
   * @param source what it reads: a text under an id, as {@link #input} has it
   * @param output file to write, {@code .jsonl}
   * @param settings what answers depend on, by name; a resumed job must have the same
   * @throws BulkJobException if it cannot begin
   * @throws IllegalArgumentException if the output is not JSON lines
   */
  public static LineJob open(
      JobInput source,
      Path output,
      OnExisting onExisting,
      JobLimits limits,
      Map<String, String> settings,
      BulkJob.Surroundings surroundings) {
    JobConfig config =
        JobConfig.of(source, output, TEXTS).withOnExisting(onExisting).withLimits(limits);
    if (config.outputFormat() != OutputFormat.JSONL) {
      throw new IllegalArgumentException(
          "output: " + config.output().getFileName() + " must end in .jsonl");
    }
    if (config.onExisting() == OnExisting.RESUME && JobFolder.finished(config)) {
      return new LineJob(config, surroundings, null);
    }
    InputFile input = InputFile.open(source, surroundings.standardInput());
    try {
      Map<String, String> identity = new LinkedHashMap<>(InputFile.identity(source));
      identity.put("format", source.format().name());
      identity.put("fields", String.join(",", source.fields()));
      identity.put("id-field", source.idField());
      identity.putAll(settings);
      return new LineJob(config, surroundings, new Opened(JobFolder.open(config, identity), input));
    } catch (IOException e) {
      closeQuietly(input, e);
      throw JobOutput.failure(config, e);
    } catch (RuntimeException e) {
      closeQuietly(input, e);
      throw e;
    }
  }

  private static void closeQuietly(InputFile input, Exception failure) {
    try {
      input.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Whether there is nothing left to do, so that nothing need be started. */
  public boolean alreadyWhole() {
    return opened == null;
  }

  /**
   * Does the work; once for each job that was opened.
   *
   * @throws BulkJobException if it cannot be done; what was answered is safe
   */
  public JobResult run(Answerer answerer, ProgressListener listener, CancelSignal cancel) {
    if (opened == null) {
      return new JobResult.AlreadyWhole(config.output());
    }
    ProgressMeter meter = new ProgressMeter(surroundings.nanoTime(), listener);
    try {
      return run(opened, answerer, meter, cancel);
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancel();
      return new JobResult.Interrupted(meter.last(0, -1));
    }
  }

  private JobResult run(Opened job, Answerer answerer, ProgressMeter meter, CancelSignal cancel)
      throws IOException, InterruptedException {
    long[] done = {0, 0};
    try (FrameFile answers =
            FrameFile.open(job.answers(), payload -> done[payload.get(0) == ANSWER ? 0 : 1]++);
        LineSource source = new LineSource(parser(config.input()), config.input(), job.input())) {
      meter.restore(done[0] + done[1], done[1], 0);
      for (long i = done[0] + done[1]; i > 0; i--) {
        if (source.next() == null) {
          throw new NotTheSameJob(
              "this is not the job that began here", List.of("the input is shorter than it was"));
        }
      }
      LineJobRun run =
          new LineJobRun(config, surroundings, answerer, source, answers, meter, cancel);
      boolean whole = run.run();
      answers.force();
      if (!whole) {
        return new JobResult.Interrupted(meter.last(source.linesRead(), source.fractionRead()));
      }
      done[1] += run.refusals();
    }
    write(job);
    job.folder().finish(done[1] > 0);
    Progress last = meter.last(meter.done(), 1);
    long bytes = Files.size(config.output());
    return done[1] == 0
        ? new JobResult.Whole(last, config.output(), bytes)
        : new JobResult.WithErrorLines(last, config.output(), bytes, config.errorsFile(), done[1]);
  }

  private static void write(Opened job) throws IOException {
    try (GrowingFile output = GrowingFile.open(job.folder().output(), 0);
        GrowingFile errors = GrowingFile.open(job.folder().errors(), 0);
        FrameFile _ =
            FrameFile.open(
                job.answers(),
                payload -> append(payload.get() == ANSWER ? output : errors, payload))) {
      output.force();
      errors.force();
    }
  }

  private static void append(GrowingFile file, ByteBuffer line) throws IOException {
    byte[] bytes = new byte[line.remaining() + 1];
    line.get(bytes, 0, bytes.length - 1);
    bytes[bytes.length - 1] = '\n';
    file.append(bytes, bytes.length);
  }

  /** A frame of {@code answers.log}. */
  static byte[] frame(byte kind, byte[] line) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(line.length + 1);
    frame.write(kind);
    frame.writeBytes(line);
    return frame.toByteArray();
  }

  @Override
  public void close() {
    if (opened == null) {
      return;
    }
    try (JobFolder folder = opened.folder();
        InputFile _ = opened.input()) {
      if (Files.notExists(opened.answers())) {
        folder.discard();
      }
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    }
  }
}
