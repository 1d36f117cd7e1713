package io.ratatoskr.bulk;

import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.formats.InputFormat;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.formats.OutputFormat;
import io.ratatoskr.schemas.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The configuration of a job: what it reads, asks for and writes.
 *
 * @param input what it reads
 * @param output file to write; its extension gives the format
 * @param onExisting what happens where the output or an unfinished job is there already
 * @param kind what it asks about each line
 * @param options how the requests travel; the lane is bulk
 * @param limits how much it takes
 */
public record JobConfig(
    LineInput input,
    Path output,
    OnExisting onExisting,
    JobKind kind,
    RequestOptions options,
    JobLimits limits) {

  public JobConfig {
    output = output.toAbsolutePath().normalize();
    options = options.withLane(Lane.BULK);
    if (OutputFormat.ofFileName(output.toString()).isEmpty()) {
      throw new IllegalArgumentException(
          "output: " + output.getFileName() + " must end in .jsonl or .parquet");
    }
    if (input.file().isPresent() && input.file().get().equals(output)) {
      throw new IllegalArgumentException("output: is the input file");
    }
    requireFit(input, kind);
  }

  /**
   * Checks that lines of the input are what the kind asks about.
   *
   * @throws IllegalArgumentException if they are not, naming the setting
   */
  static void requireFit(LineInput input, JobKind kind) {
    Inquiry inquiry = Inquiry.of(kind);
    List<String> parts = inquiry.parts();
    if (input.fields().size() != parts.size()) {
      throw new IllegalArgumentException(
          "fields: must name one for each of " + parts + ", are " + input.fields());
    }
    if (input.format() == InputFormat.TXT && parts.size() > 1) {
      throw new IllegalArgumentException(
          "input: a line of txt holds one text, not "
              + String.join(" and ", parts)
              + "; use jsonl or csv");
    }
    for (String field : input.keep()) {
      boolean taken = inquiry.columns().stream().anyMatch(column -> column.name().equals(field));
      if (field.isEmpty() || field.equals("id") || taken) {
        throw new IllegalArgumentException(
            "keep: '" + field + "' is a column of every output; keep other fields");
      }
    }
  }

  /**
   * A job with defaults: the kind's fields and {@code id}, nothing kept, refused where the output
   * exists, and the default limits.
   *
   * @param input path, or {@code -} for standard input, which is read as jsonl
   * @throws IllegalArgumentException if an extension is not known, naming those that are
   */
  public static JobConfig of(String input, Path output, JobKind kind) {
    return of(LineInput.of(input, Inquiry.of(kind).parts()), output, kind);
  }

  /** The same, for an input of other fields or format. */
  public static JobConfig of(LineInput input, Path output, JobKind kind) {
    return new JobConfig(
        input, output, OnExisting.REFUSE, kind, defaultOptions(), JobLimits.defaults());
  }

  /** How a job's requests travel unless it is said otherwise: in bulk, with an hour for each. */
  public static RequestOptions defaultOptions() {
    return RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1));
  }

  OutputFormat outputFormat() {
    return OutputFormat.ofFileName(output.toString()).orElseThrow();
  }

  /** Where error lines go: {@code OUTPUT.errors.jsonl}. */
  public Path errorsFile() {
    return output.resolveSibling(output.getFileName() + ".errors.jsonl");
  }

  /** Where an unfinished job stands: {@code OUTPUT.job}. */
  public Path jobFolder() {
    return output.resolveSibling(output.getFileName() + ".job");
  }

  public JobConfig withInput(LineInput newInput) {
    return new JobConfig(newInput, output, onExisting, kind, options, limits);
  }

  /** This job with those fields kept. */
  public JobConfig withKeep(List<String> keep) {
    return withInput(input.withKeep(keep));
  }

  public JobConfig withOnExisting(OnExisting newOnExisting) {
    return new JobConfig(input, output, newOnExisting, kind, options, limits);
  }

  public JobConfig withKind(JobKind newKind) {
    return new JobConfig(input, output, onExisting, newKind, options, limits);
  }

  public JobConfig withOptions(RequestOptions newOptions) {
    return new JobConfig(input, output, onExisting, kind, newOptions, limits);
  }

  public JobConfig withLimits(JobLimits newLimits) {
    return new JobConfig(input, output, onExisting, kind, options, newLimits);
  }
}
