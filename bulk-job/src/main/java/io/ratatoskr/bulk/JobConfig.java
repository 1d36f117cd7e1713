package io.ratatoskr.bulk;

import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a job reads, asks for and writes.
 *
 * @param input file to read, or empty for standard input
 * @param format format of its lines
 * @param gzip whether it is compressed with gzip
 * @param textField field that holds the text; not used by {@code txt}
 * @param idField field that holds the id; not used by {@code txt}
 * @param keep fields of the input that the output carries along, as strings; a number stands as in
 *     the input, an object or array as JSON, an absent field as null
 * @param output file to write; its extension gives the format
 * @param onExisting what happens where the output or an unfinished job is there already
 * @param model model to ask for
 * @param inputType whether the texts are documents or queries
 * @param truncation what happens to texts above the model's limit
 * @param options how the requests travel; the lane is bulk
 * @param inFlight records sent and not yet answered, 1 to 10,000
 * @param patience how long the job keeps trying while nothing at all is answered
 * @param minFreeBytes free space on the output's disk below which the job stops
 */
public record JobConfig(
    Optional<Path> input,
    InputFormat format,
    boolean gzip,
    String textField,
    String idField,
    List<String> keep,
    Path output,
    OnExisting onExisting,
    String model,
    EmbedRequest.InputType inputType,
    EmbedRequest.Truncation truncation,
    RequestOptions options,
    int inFlight,
    Duration patience,
    long minFreeBytes) {

  private static final Set<String> COLUMNS =
      Set.of("id", "embedding", "model", "space_id", "truncated");

  public JobConfig {
    keep = List.copyOf(keep);
    output = output.toAbsolutePath().normalize();
    input = input.map(file -> file.toAbsolutePath().normalize());
    if (textField.isEmpty() || idField.isEmpty()) {
      throw new IllegalArgumentException("text-field and id-field: must not be empty");
    }
    if (new HashSet<>(keep).size() < keep.size()) {
      throw new IllegalArgumentException("keep: names a field twice");
    }
    for (String field : keep) {
      if (field.isEmpty() || COLUMNS.contains(field)) {
        throw new IllegalArgumentException(
            "keep: '" + field + "' is a column of every output; keep other fields");
      }
    }
    if (format == InputFormat.TXT && !keep.isEmpty()) {
      throw new IllegalArgumentException("keep: a txt input has no fields");
    }
    if (OutputFormat.ofFileName(output.toString()).isEmpty()) {
      throw new IllegalArgumentException(
          "output: " + output.getFileName() + " must end in .jsonl or .parquet");
    }
    if (input.isPresent() && input.get().equals(output)) {
      throw new IllegalArgumentException("output: is the input file");
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: name one, such as all-minilm-l6-v2");
    }
    if (inFlight < 1 || inFlight > 10_000) {
      throw new IllegalArgumentException("inflight: 1 to 10,000, not " + inFlight);
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience: must be positive, is " + patience);
    }
    if (minFreeBytes < 0) {
      throw new IllegalArgumentException("min-free-bytes: must not be negative");
    }
    options = options.withLane(Lane.BULK);
  }

  /**
   * A job with defaults: fields {@code text} and {@code id}, nothing kept, refused where the output
   * exists, documents, an error line for texts that are too long, 64 records in flight, 10 minutes
   * of patience, 256 MiB kept free.
   *
   * @param input path, or {@code -} for standard input, which is read as jsonl
   * @throws IllegalArgumentException if an extension is not known, naming those that are
   */
  public static JobConfig of(String input, Path output, String model) {
    boolean stdin = input.equals("-");
    InputFormat format =
        stdin
            ? InputFormat.JSONL
            : InputFormat.ofFileName(input)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "input: "
                            + input
                            + " must end in .jsonl, .txt or .csv, each also with .gz"));
    return new JobConfig(
        stdin ? Optional.empty() : Optional.of(Path.of(input)),
        format,
        !stdin && input.toLowerCase(Locale.ROOT).endsWith(".gz"),
        "text",
        "id",
        List.of(),
        output,
        OnExisting.REFUSE,
        model,
        EmbedRequest.InputType.DOCUMENT,
        EmbedRequest.Truncation.ERROR,
        RequestOptions.defaults().withTimeout(Duration.ofHours(1)),
        64,
        Duration.ofMinutes(10),
        256L << 20);
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

  public JobConfig withFormat(InputFormat newFormat) {
    return new JobConfig(
        input,
        newFormat,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withFields(String newTextField, String newIdField) {
    return new JobConfig(
        input,
        format,
        gzip,
        newTextField,
        newIdField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withKeep(List<String> newKeep) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        newKeep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withOnExisting(OnExisting newOnExisting) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        newOnExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withInputType(EmbedRequest.InputType newInputType) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        newInputType,
        truncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withTruncation(EmbedRequest.Truncation newTruncation) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        newTruncation,
        options,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withOptions(RequestOptions newOptions) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        newOptions,
        inFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withInFlight(int newInFlight) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        newInFlight,
        patience,
        minFreeBytes);
  }

  public JobConfig withPatience(Duration newPatience) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        newPatience,
        minFreeBytes);
  }

  public JobConfig withMinFreeBytes(long newMinFreeBytes) {
    return new JobConfig(
        input,
        format,
        gzip,
        textField,
        idField,
        keep,
        output,
        onExisting,
        model,
        inputType,
        truncation,
        options,
        inFlight,
        patience,
        newMinFreeBytes);
  }
}
