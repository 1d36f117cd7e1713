package io.ratatoskr.onnx;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The models that come as jars, with the content that each must have. */
enum BuiltInModel {
  MINILM(
      "all-minilm-l6-v2",
      ModelKind.EMBEDDING,
      90_387_606,
      "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e") {
    @Override
    ModelFiles files(ModelCache cache) {
      return bare(cache);
    }
  },
  MINILM_INT8(
      "all-minilm-l6-v2-q",
      ModelKind.EMBEDDING,
      22_972_370,
      "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1") {
    @Override
    ModelFiles files(ModelCache cache) {
      return bare(cache);
    }
  },
  NLI_MINILM(
      "nli-minilm-l6",
      ModelKind.NLI,
      24_137_698,
      "473fa4310a6405d255e9ea46deed7458d67b66878761a2486d5894c84819c5f3") {
    @Override
    ModelFiles files(ModelCache cache) {
      return folder(
          cache,
          new Content(711_396, "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"),
          new Content(707, "ad88f863e3d8a8abef8200a825c97400d13beed52bc82f48f37c4fab347c0f6a"));
    }
  };

  private static final Content BARE_TOKENIZER =
      new Content(711_661, "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0");

  /** The model's settings in sentence-transformers, which the jars leave out. */
  private static final ModelSettings BARE_SETTINGS =
      new ModelSettings.Embedding(SentenceModules.of(Pooling.Mode.MEAN), true, false, 256, "", "");

  /** The size and the hash that a file must have. */
  record Content(long size, String sha256) {}

  private final String id;
  private final ModelKind kind;
  private final long size;
  private final String sha256;

  /** Size and hash are those of the graph. */
  BuiltInModel(String id, ModelKind kind, long size, String sha256) {
    this.id = id;
    this.kind = kind;
    this.size = size;
    this.sha256 = sha256;
  }

  static List<String> ids(ModelKind kind) {
    return Arrays.stream(values())
        .filter(model -> model.kind == kind)
        .map(model -> model.id)
        .toList();
  }

  static BuiltInModel of(String id) {
    return Arrays.stream(values())
        .filter(model -> model.id.equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ModelLoadException(
                ModelLoadException.Reason.UNKNOWN_MODEL,
                "No model \"%s\" is built in; there are %s. A folder is named by a path with a \"/\"."
                    .formatted(id, Arrays.stream(values()).map(model -> model.id).toList())));
  }

  ModelKind kind() {
    return kind;
  }

  /** Its files, in the cache. */
  abstract ModelFiles files(ModelCache cache);

  /** Graph and tokenizer at the root of a jar, and nothing that says how to use them. */
  ModelFiles bare(ModelCache cache) {
    return new ModelFiles(
        id,
        file(cache, stem() + ".onnx", id + ".onnx", graph()),
        file(cache, stem() + "-tokenizer.json", id + "-tokenizer.json", BARE_TOKENIZER),
        Optional.empty(),
        BARE_SETTINGS);
  }

  /** A whole folder in a jar. */
  ModelFiles folder(ModelCache cache, Content tokenizer, Content config) {
    file(cache, stem() + "/tokenizer.json", id + "/tokenizer.json", tokenizer);
    file(cache, stem() + "/config.json", id + "/config.json", config);
    file(cache, stem() + "/model.onnx", id + "/model.onnx", graph());
    return ModelFiles.folder(id, cache.directory().resolve(stem()));
  }

  private Content graph() {
    return new Content(size, sha256);
  }

  private String stem() {
    return id + "-" + sha256.substring(0, 12);
  }

  private static Path file(ModelCache cache, String name, String resource, Content content) {
    return cache.file(name, "/" + resource, content.size(), content.sha256());
  }
}
