package io.ratatoskr.onnx;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code model.toml} in a model's folder: what completes or overrides the model's other files. */
final class OwnSettings {
  static final String FILE = "model.toml";

  private static final Setting<ModelKind> KIND =
      Setting.choice(
          "kind", ModelKind.EMBEDDING, "What the model does, where its other files do not say it.");

  private static final Setting<String> GRAPH =
      Setting.text(
          "graph",
          "model.onnx",
          "a path inside the folder",
          graph -> !graph.isEmpty(),
          "Which file, where there are several.");

  private static final Setting<Integer> MAX_TOKENS =
      Setting.integer(
          "max-tokens",
          512,
          1,
          Integer.MAX_VALUE,
          "Most tokens of a text or a pair, special tokens included.");

  private static final Setting<List<String>> POOLING =
      Setting.list(
          "pooling",
          List.of(Pooling.Mode.MEAN.key()),
          "of " + String.join(", ", Pooling.Mode.keys()) + ", none twice",
          mode -> Pooling.Mode.of(mode).isPresent(),
          "How token vectors become one; of several modes the vectors stand one after another.");

  private static final Setting<Boolean> NORMALISE =
      Setting.flag("normalise", true, "Whether vectors are scaled to length 1.");

  private static final Setting<String> QUERY_PREFIX =
      Setting.verbatim("query-prefix", "", "Put before every query.");

  private static final Setting<String> DOCUMENT_PREFIX =
      Setting.verbatim("document-prefix", "", "Put before every document.");

  private static final String BEST = "auto";

  private static final Setting<String> DEVICE =
      Setting.scalar(
          "device",
          "cpu",
          "cpu, cuda:N or " + BEST,
          text -> text.equals(BEST) ? BEST : Device.parse(text).toString(),
          "Where this model runs, whatever the worker's other models do.");

  private static final Setting<Map<String, Integer>> LABELS =
      Setting.table(
          "labels",
          List.of(),
          "the position of a class, from 0",
          (label, position) -> Integer.valueOf(position),
          "NLI: the position of each class.");

  static final KnownSettings KNOWN =
      KnownSettings.of(
          List.of(
              KIND,
              GRAPH,
              MAX_TOKENS,
              POOLING,
              NORMALISE,
              QUERY_PREFIX,
              DOCUMENT_PREFIX,
              DEVICE,
              LABELS),
          Map.of());

  private final FolderFiles files;
  private final Values values;

  private OwnSettings(FolderFiles files, Values values) {
    this.files = files;
    this.values = values;
  }

  /**
   * Reads the file; nothing is set where there is none. The environment is not read: a model's
   * folder often comes from somebody else.
   *
   * @throws ModelLoadException naming line, key and what is allowed
   */
  static OwnSettings read(FolderFiles files) {
    Path file = files.folder().resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new OwnSettings(files, Values.none());
    }
    try {
      return new OwnSettings(files, TomlSource.read(file, KNOWN, Map.of()));
    } catch (InvalidSettingsException e) {
      throw files.settings(
          e.mistakes().stream()
              .map(InvalidSettingException::getMessage)
              .collect(Collectors.joining("; ")));
    }
  }

  Optional<ModelKind> kind() {
    return given(KIND);
  }

  /** The graph, as a path inside the folder. */
  Optional<String> graph() {
    return given(GRAPH);
  }

  Optional<Integer> maxTokens() {
    return given(MAX_TOKENS);
  }

  Optional<Pooling> pooling() {
    return given(POOLING)
        .map(modes -> modes.stream().map(Pooling.Mode::of).flatMap(Optional::stream).toList())
        .map(modes -> {
          try {
            return new Pooling.Tokens(modes);
          } catch (IllegalArgumentException e) {
            throw files.settings("%s: %s".formatted(FILE, e.getMessage()));
          }
        });
  }

  Optional<Boolean> normalise() {
    return given(NORMALISE);
  }

  Optional<String> queryPrefix() {
    return given(QUERY_PREFIX);
  }

  Optional<String> documentPrefix() {
    return given(DOCUMENT_PREFIX);
  }

  /** Where the model runs; looks at the machine where that is left to it. */
  Optional<Device> device() {
    return given(DEVICE).map(text -> text.equals(BEST) ? Device.best() : Device.parse(text));
  }

  /** Position of each class by its name. */
  Optional<Map<String, Integer>> labels() {
    Map<String, Integer> labels = LABELS.of(values);
    return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
  }

  private <T> Optional<T> given(Setting<T> setting) {
    return values.origin(setting.key()).map(where -> setting.of(values));
  }
}
