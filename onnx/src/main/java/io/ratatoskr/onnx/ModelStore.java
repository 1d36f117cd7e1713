package io.ratatoskr.onnx;

import io.ratatoskr.tokenize.TokenizerJson;
import io.ratatoskr.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where models are found: those that are built in, those in a folder of folders, and folders that
 * are named one by one.
 *
 * @param cache where models out of jars are kept
 * @param directoryOrNull a folder; each folder in it with a config.json is a model, its name the
 *     model's id
 */
public record ModelStore(ModelCache cache, @Nullable Path directoryOrNull) {

  /** Built-in models, kept in the usual place. */
  public static ModelStore standard() {
    return new ModelStore(ModelCache.standard(), null);
  }

  /** Whether a name is the path of a model's folder, and not an id. */
  public static boolean isPath(String name) {
    return name.contains("/") || name.contains(java.io.File.separator);
  }

  /** The id of a model that is given as an id or as a folder's path. */
  public static String id(String name) {
    return isPath(name)
        ? Path.of(name).toAbsolutePath().normalize().getFileName().toString()
        : name;
  }

  /**
   * A model's files.
   *
   * @param name a folder's path, or the id of a model in the folder of folders, or of one that is
   *     built in
   * @throws ModelLoadException when there is none of this name, or its files cannot be read
   */
  public ModelFiles find(String name) {
    if (isPath(name)) {
      return ModelFiles.folder(id(name), Path.of(name));
    }
    if (directoryOrNull != null && has(name)) {
      return ModelFiles.folder(name, directoryOrNull.resolve(name));
    }
    return ModelFiles.builtIn(name, cache);
  }

  /**
   * The kind of a model.
   *
   * @param name as in {@link #find}
   * @throws ModelLoadException when there is none of this name, or its configuration cannot be read
   */
  public ModelKind kind(String name) {
    if (isPath(name)) {
      return ModelFiles.kind(Path.of(name));
    }
    if (directoryOrNull != null && has(name)) {
      return ModelFiles.kind(directoryOrNull.resolve(name));
    }
    return BuiltInModel.of(name).kind();
  }

  /**
   * The device that a model's own {@code model.toml} names.
   *
   * @param name as in {@link #find}
   * @throws ModelLoadException when that file is wrong
   */
  public Optional<Device> device(String name) {
    if (isPath(name)) {
      return OwnSettings.read(new FolderFiles(id(name), Path.of(name))).device();
    }
    if (directoryOrNull != null && has(name)) {
      return OwnSettings.read(new FolderFiles(name, directoryOrNull.resolve(name))).device();
    }
    return Optional.empty();
  }

  /**
   * The ids of the models of one kind in the folder of folders, in alphabetical order.
   *
   * @throws ModelLoadException when the folder, or the configuration of a model in it, cannot be
   *     read
   */
  public List<String> ids(ModelKind kind) {
    if (directoryOrNull == null) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directoryOrNull)) {
      List<String> ids = new ArrayList<>();
      for (Path folder : entries.filter(ModelStore::isModel).sorted().toList()) {
        if (ModelFiles.kind(folder) == kind) {
          ids.add(folder.getFileName().toString());
        }
      }
      return ids;
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.MISSING_FILE,
          "Cannot read the folder of models %s: %s".formatted(directoryOrNull, e),
          e);
    }
  }

  /**
   * Registers the tokenizers of all models that are found by their id; each is read when it is
   * first needed.
   *
   * @throws ModelLoadException when the folder, or the configuration of a model in it, cannot be
   *     read
   */
  public void registerTokenizers(Tokenizers tokenizers) {
    for (ModelKind kind : ModelKind.values()) {
      ModelFiles.builtInIds(kind).forEach(id -> registerTokenizer(tokenizers, id, id));
      ids(kind).forEach(id -> registerTokenizer(tokenizers, id, id));
    }
  }

  /**
   * Registers the tokenizer of a model, read when it is first needed.
   *
   * @param name as in {@link #find}
   */
  public void registerTokenizer(Tokenizers tokenizers, String id, String name) {
    tokenizers.register(id, () -> TokenizerJson.load(find(name).tokenizer()));
  }

  /** Whether the folder of folders has a model of this id. */
  public boolean has(String id) {
    return directoryOrNull != null && isModel(directoryOrNull.resolve(id));
  }

  private static boolean isModel(Path folder) {
    return Files.isRegularFile(folder.resolve(FolderFiles.CONFIG));
  }
}
