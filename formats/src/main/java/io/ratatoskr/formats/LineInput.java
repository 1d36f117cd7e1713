package io.ratatoskr.formats;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An input of lines: its place, its format, and the fields that are read.
 *
 * @param file file to read, or empty for standard input
 * @param format format of its lines
 * @param gzip whether it is compressed with gzip
 * @param fields fields that hold what is asked about, such as the text, or premise and hypothesis;
 *     not used by {@code txt}
 * @param idField field that holds the id; not used by {@code txt}
 * @param keep fields that the output carries along, as strings; a number stands as in the input, an
 *     object or array as JSON, an absent field as null
 */
public record LineInput(
    Optional<Path> file,
    InputFormat format,
    boolean gzip,
    List<String> fields,
    String idField,
    List<String> keep) {

  public LineInput {
    file = file.map(path -> path.toAbsolutePath().normalize());
    fields = List.copyOf(fields);
    keep = List.copyOf(keep);
    if (fields.stream().anyMatch(String::isEmpty) || idField.isEmpty()) {
      throw new IllegalArgumentException("fields: must not be empty");
    }
    if (new HashSet<>(keep).size() < keep.size()) {
      throw new IllegalArgumentException("keep: names a field twice");
    }
    if (format == InputFormat.TXT && !keep.isEmpty()) {
      throw new IllegalArgumentException("keep: a txt input has no fields");
    }
  }

  /**
   * Those fields and {@code id}, nothing kept.
   *
   * @param input path, or {@code -} for standard input, which is read as jsonl
   * @throws IllegalArgumentException if an extension is not known, naming those that are
   */
  public static LineInput of(String input, List<String> fields) {
    InputFormat format =
        input.equals("-")
            ? InputFormat.JSONL
            : InputFormat.ofFileName(input)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "input: "
                            + input
                            + " must end in .jsonl, .txt or .csv, each also with .gz"));
    return of(input, format, fields);
  }

  /**
   * The same, in a format that the file's name does not tell.
   *
   * @param input path, or {@code -} for standard input
   */
  public static LineInput of(String input, InputFormat format, List<String> fields) {
    boolean stdin = input.equals("-");
    return new LineInput(
        stdin ? Optional.empty() : Optional.of(Path.of(input)),
        format,
        !stdin && input.toLowerCase(Locale.ROOT).endsWith(".gz"),
        fields,
        "id",
        List.of());
  }

  public LineInput withIdField(String newIdField) {
    return new LineInput(file, format, gzip, fields, newIdField, keep);
  }

  public LineInput withKeep(List<String> newKeep) {
    return new LineInput(file, format, gzip, fields, idField, newKeep);
  }
}
