package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.bulk.BulkJobException.OutputUnusable;
import io.ratatoskr.formats.ErrorLine;
import io.ratatoskr.formats.GrowingFile;
import io.ratatoskr.formats.Line;
import io.ratatoskr.formats.Row;
import io.ratatoskr.formats.RowFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The growing output and errors file. Rows and error lines of a window are appended and forced to
 * the disk before the log remembers them; what a dead process wrote after that is cut off.
 */
final class JobOutput implements AutoCloseable {
  private final JobLog log;
  private final GrowingFile output;
  private final GrowingFile errors;
  private final RowFile rows;
  private @Nullable String spaceId;

  private JobOutput(JobConfig config, JobLog log, GrowingFile output, GrowingFile errors) {
    this.log = log;
    this.output = output;
    this.errors = errors;
    this.rows =
        RowFile.of(
            config.outputFormat(),
            output,
            Inquiry.of(config.kind()).columns(),
            config.input().keep());
    for (JobLog.WindowDone window : log.windows()) {
      requireSpace(window.spaceId());
    }
  }

  static JobOutput open(JobConfig config, JobFolder folder, JobLog log) throws IOException {
    long outputLength = log.windows().isEmpty() ? 0 : log.windows().getLast().outputLength();
    long errorsLength = log.windows().isEmpty() ? 0 : log.windows().getLast().errorsLength();
    GrowingFile output = GrowingFile.open(folder.output(), outputLength);
    try {
      JobOutput jobOutput =
          new JobOutput(config, log, output, GrowingFile.open(folder.errors(), errorsLength));
      if (outputLength == 0) {
        jobOutput.rows.begin();
      }
      return jobOutput;
    } catch (IOException | RuntimeException e) {
      output.close();
      throw e;
    }
  }

  /**
   * Checks that vectors of a space belong into this output.
   *
   * @param newSpaceId the space, or empty for none
   */
  void requireSpace(String newSpaceId) {
    if (newSpaceId.isEmpty()) {
      return;
    }
    if (spaceId == null) {
      spaceId = newSpaceId;
    } else if (!spaceId.equals(newSpaceId)) {
      throw new NotTheSameJob(
          "the model changed while the job was under way; begin anew (--overwrite)",
          List.of("vector space was '" + spaceId + "' and is '" + newSpaceId + "'"));
    }
  }

  /** Makes a complete window's rows and error lines durable. */
  void commit(Window window) throws IOException {
    List<Row> good = new ArrayList<>();
    String rowsSpaceId = "";
    ByteArrayOutputStream bad = new ByteArrayOutputStream();
    for (int i = 0; i < window.lines().size(); i++) {
      switch (window.lines().get(i)) {
        case Line.Bad line -> write(bad, line, line.refusal());
        case Line.Good line -> {
          switch (window.answerOfLine(i)) {
            case Answer.Given given -> {
              requireSpace(given.spaceId());
              rowsSpaceId = given.spaceId();
              good.add(new Row(line.id(), given.values(), line.kept()));
            }
            case Answer.Refused refused -> write(bad, line, refused.refusal());
            case null -> throw new IllegalStateException("the window is not complete");
          }
        }
      }
    }
    byte[] block = rows.append(good);
    output.force();
    if (bad.size() > 0) {
      errors.append(bad.toByteArray(), bad.size());
      errors.force();
    }
    log.windowDone(
        new JobLog.WindowDone(
            window.hash(),
            window.lines().size(),
            good.size(),
            window.reused(),
            output.length(),
            errors.length(),
            rowsSpaceId,
            block));
  }

  private static void write(ByteArrayOutputStream errors, Line line, Line.Refusal refusal) {
    errors.writeBytes(ErrorLine.bytes(line, refusal));
    errors.write('\n');
  }

  /** Writes the output's end. */
  void finish() throws IOException {
    List<byte[]> blocks = new ArrayList<>();
    log.windows().forEach(window -> blocks.add(window.block()));
    rows.finish(blocks);
    output.force();
    log.outputWhole();
  }

  @Override
  public void close() throws IOException {
    output.close();
    errors.close();
  }

  /** The exception that tells the caller about a failed write. */
  static BulkJobException failure(JobConfig config, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return new BulkJobException.DiskFull(
          "the disk of "
              + config.output().getParent()
              + " is full; make room and resume the job: "
              + message,
          e);
    }
    return new OutputUnusable("cannot write " + config.output() + ": " + message, e);
  }
}
