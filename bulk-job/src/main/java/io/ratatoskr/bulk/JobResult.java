package io.ratatoskr.bulk;

import java.nio.file.Path;

/** The result of a job that did not fail. */
public sealed interface JobResult {

  /**
   * Every line has its row.
   *
   * @param progress the last snapshot
   * @param output the output file
   * @param outputBytes its length in bytes
   */
  record Whole(Progress progress, Path output, long outputBytes) implements JobResult {}

  /**
   * The output is whole, and the lines that have no row stand in the errors file.
   *
   * @param progress the last snapshot
   * @param output the output file
   * @param outputBytes its length in bytes
   * @param errorsFile the errors file
   * @param errors its lines, 1 or more
   */
  record WithErrorLines(
      Progress progress, Path output, long outputBytes, Path errorsFile, long errors)
      implements JobResult {}

  /** The job was told to stop; what was answered is safe, and the job can be resumed. */
  record Interrupted(Progress progress) implements JobResult {}

  /**
   * A job that was to be resumed has nothing left to do: the output stands there whole, and no
   * unfinished job beside it. Which job wrote it is not compared.
   */
  record AlreadyWhole(Path output) implements JobResult {}
}
