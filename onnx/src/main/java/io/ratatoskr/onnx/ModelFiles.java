package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the files of a model lie, and what its own configuration says about it. */
public final class ModelFiles {
  private final String id;
  private final Path model;
  private final Path tokenizer;
  private final Optional<Boolean> padsLeft;
  private final ModelSettings settings;

  /**
   * @param padsLeft on which side the shorter rows of a batch are filled up, where that is said
   *     outside the tokenizer
   */
  ModelFiles(
      String id, Path model, Path tokenizer, Optional<Boolean> padsLeft, ModelSettings settings) {
    this.id = id;
    this.model = model;
    this.tokenizer = tokenizer;
    this.padsLeft = padsLeft;
    this.settings = settings;
  }

  /** The ids of this kind that {@link #builtIn} knows. */
  public static List<String> builtInIds(ModelKind kind) {
    return BuiltInModel.ids(kind);
  }

  /**
   * A model from a jar on the class path: {@code all-minilm-l6-v2} (fp32), {@code
   * all-minilm-l6-v2-q} (int8) or {@code nli-minilm-l6} (int8).
   *
   * <p>An int8 graph scales its activations over the whole batch, so a text's vector depends on its
   * neighbours: measured on 120 English texts of at most 256 tokens in batches of at most 384
   * tokens, the cosine to the vector of the text alone is 0.992 in the median and 0.984 at worst.
   * fp32: 0.99999998 at worst.
   *
   * @throws ModelLoadException when there is none of this name, or it cannot be put into the cache
   */
  public static ModelFiles builtIn(String id, ModelCache cache) {
    return BuiltInModel.of(id).files(cache);
  }

  /**
   * A model in a folder of the Hugging Face layout.
   *
   * @throws ModelLoadException when files are missing or contradict each other
   */
  public static ModelFiles folder(String id, Path folder) {
    return ModelFolder.read(id, folder);
  }

  /**
   * The kind of the model in a folder.
   *
   * @throws ModelLoadException when its configuration cannot be read
   */
  public static ModelKind kind(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ModelLoadException(
          ModelLoadException.Reason.MISSING_FILE,
          "There is no model's folder %s.".formatted(folder));
    }
    return ModelFolder.kind(folder.toString(), folder);
  }

  /** The name that requests use. */
  public String id() {
    return id;
  }

  /** The kind of the model. */
  public ModelKind kind() {
    return settings.kind();
  }

  Path model() {
    return model;
  }

  /** The model's {@code tokenizer.json}. */
  public Path tokenizer() {
    return tokenizer;
  }

  /** Whether the shorter rows of a batch are filled up on their left, where that is said. */
  Optional<Boolean> padsLeft() {
    return padsLeft;
  }

  /** The other files in the folder of the tokenizer. */
  FolderFiles folder() {
    return new FolderFiles(id, tokenizer.resolveSibling(""));
  }

  ModelSettings.Embedding embeddingSettings() {
    return switch (settings) {
      case ModelSettings.Embedding embedding -> embedding;
      case ModelSettings.Pairs pairs ->
          throw otherKind("judges pairs of texts and makes no vectors", ModelKind.EMBEDDING);
    };
  }

  ModelSettings.Pairs pairSettings() {
    return switch (settings) {
      case ModelSettings.Pairs pairs -> pairs;
      case ModelSettings.Embedding embedding ->
          throw otherKind("is an embedding model and does not judge pairs", ModelKind.NLI);
    };
  }

  private ModelLoadException otherKind(String what, ModelKind wanted) {
    return new ModelLoadException(
        ModelLoadException.Reason.SETTINGS,
        "Model %s %s, as its files say; where they are wrong, set kind = \"%s\" in %s."
            .formatted(id, what, wanted.key(), OwnSettings.FILE));
  }

  /**
   * Hash over the graph, its external weights where it has some, and the tokenizer.
   *
   * @param layers other files that results depend on
   */
  String revision(List<Path> layers) {
    try {
      List<Path> files = new ArrayList<>(List.of(model, tokenizer));
      files.addAll(ExternalWeights.of(model));
      files.addAll(layers);
      return ContentHash.shortened(ModelCache.standard().hashes().sha256(files));
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.MISSING_FILE,
          "Cannot read the files of model %s: %s".formatted(id, e),
          e);
    }
  }
}
