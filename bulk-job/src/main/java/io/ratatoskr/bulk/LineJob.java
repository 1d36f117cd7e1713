package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.formats.GrowingFile;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.formats.LineSource;
import io.ratatoskr.formats.OutputFormat;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A job whose lines are answered one by one, by whatever answers them: each becomes one line of the
 * output, in the input's order, or one line of the errors file. Like {@link BulkJob} in all that is
 * seen of it: the job's folder, resuming, progress, results.
 *
 * <p>An answer is kept as soon as those before it are: in {@code answers.log} of the job's folder,
 * of which output and errors are made at the end. So one file says how far the job is.
 */
public final class LineJob implements AutoCloseable {
  private static final byte ANSWER = 1;
  private static final byte REFUSAL = 2;

  /** Lines are read as a job of this kind reads them; who answers them is not of its concern. */
  private static final JobKind TEXTS = new EmbedJob("none", InputType.QUERY, Truncation.ERROR, 0);

  private final JobConfig config;
  private final String unit;
  private final BulkJob.Surroundings surroundings;
  private final OpenJob job;

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

  private LineJob(JobConfig config, String unit, BulkJob.Surroundings surroundings, OpenJob job) {
    this.config = config;
    this.unit = unit;
    this.surroundings = surroundings;
    this.job = job;
  }

  /**
   * Checks input and output, and begins the job or takes up the unfinished one.
   *
   * @param source what it reads: a text under an id
   * @param unit what a line is, in the plural, as progress says it: queries
   * @param output file to write, {@code .jsonl}
   * @param settings what answers depend on, by name; a resumed job must have the same
   * @throws BulkJobException if it cannot begin
   * @throws IllegalArgumentException if the output is not JSON lines
   */
  public static LineJob open(
      LineInput source,
      String unit,
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
    return new LineJob(
        config,
        unit,
        surroundings,
        OpenJob.open(config, surroundings, Inquiry.of(TEXTS).parts(), new JobIdentity(settings)));
  }

  /** Whether there is nothing left to do, so that nothing need be started. */
  public boolean alreadyWhole() {
    return job.taken() == null;
  }

  /**
   * Does the work; once for each job that was opened.
   *
   * @throws BulkJobException if it cannot be done; what was answered is safe
   */
  public JobResult run(Answerer answerer, ProgressListener listener, CancelSignal cancel) {
    return job.run(unit, listener, cancel, (taken, meter) -> run(taken, answerer, meter, cancel));
  }

  private OpenJob.Ended run(
      OpenJob.Taken taken, Answerer answerer, ProgressMeter meter, CancelSignal cancel)
      throws IOException, InterruptedException {
    long[] done = {0, 0};
    try (FrameFile answers =
        FrameFile.open(
            answers(taken.folder()), payload -> done[payload.get(0) == ANSWER ? 0 : 1]++)) {
      LineSource source = taken.input();
      meter.restore(done[0] + done[1], done[1], 0);
      for (long i = done[0] + done[1]; i > 0; i--) {
        if (source.next() == null) {
          throw new NotTheSameJob(
              "this is not the job that began here", List.of("the input is shorter than it was"));
        }
      }
      LineJobRun run =
          new LineJobRun(
              config.limits(),
              surroundings.time(),
              answerer,
              LineJobRun.Lines.of(source),
              new Kept(answers, new DiskGuard(config, surroundings)),
              meter,
              cancel);
      boolean whole = run.run();
      answers.force();
      if (!whole) {
        return new OpenJob.Ended.Early(source.linesRead(), source.fractionRead());
      }
      done[1] += run.refusals();
    }
    write(taken.folder());
    return new OpenJob.Ended.Whole(done[1]);
  }

  /** Keeps answers in {@code answers.log}. */
  private record Kept(FrameFile answers, DiskGuard disk) implements LineJobRun.Sink {
    @Override
    public void answer(byte[] line) throws IOException {
      answers.append(frame(ANSWER, line));
    }

    @Override
    public void refusal(byte[] line) throws IOException {
      answers.append(frame(REFUSAL, line));
    }

    @Override
    public void written() {}

    @Override
    public void check() throws IOException {
      if (disk.isDue()) {
        // What was written survives a power cut from here on, whatever the disk has left.
        answers.force();
        disk.look();
      }
    }
  }

  private static Path answers(JobFolder folder) {
    return folder.output().resolveSibling("answers.log");
  }

  private static void write(JobFolder folder) throws IOException {
    try (GrowingFile output = GrowingFile.open(folder.output(), 0);
        GrowingFile errors = GrowingFile.open(folder.errors(), 0);
        FrameFile _ =
            FrameFile.open(
                answers(folder),
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
  private static byte[] frame(byte kind, byte[] line) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(line.length + 1);
    frame.write(kind);
    frame.writeBytes(line);
    return frame.toByteArray();
  }

  @Override
  public void close() {
    try (OpenJob closing = job) {
      OpenJob.Taken taken = closing.taken();
      if (taken != null && Files.notExists(answers(taken.folder()))) {
        taken.folder().discard();
      }
    } catch (IOException e) {
      throw JobOutput.failure(config, e);
    }
  }
}
