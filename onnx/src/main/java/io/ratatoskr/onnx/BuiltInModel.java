package io.ratatoskr.onnx;

import java.util.Arrays;
import java.util.List;

/** The models that come as jars, with the content that each must have. */
enum BuiltInModel {
  MINILM(
      "all-minilm-l6-v2",
      90_387_606,
      "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e"),
  MINILM_INT8(
      "all-minilm-l6-v2-q",
      22_972_370,
      "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1");

  private static final long TOKENIZER_SIZE = 711_661;
  private static final String TOKENIZER_SHA256 =
      "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0";

  /** As in the model's sentence-transformers settings, which the jars leave out. */
  private static final ModelSettings SETTINGS = new ModelSettings(Pooling.MEAN, true, 256, "", "");

  private final String id;
  private final long size;
  private final String sha256;

  BuiltInModel(String id, long size, String sha256) {
    this.id = id;
    this.size = size;
    this.sha256 = sha256;
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(model -> model.id).toList();
  }

  static BuiltInModel of(String id) {
    return Arrays.stream(values())
        .filter(model -> model.id.equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ModelLoadException(
                ModelLoadException.Reason.UNKNOWN_MODEL,
                "No model \"%s\" is built in; there are %s.".formatted(id, ids())));
  }

  ModelFiles files(ModelCache cache) {
    String stem = id + "-" + sha256.substring(0, 12);
    return new ModelFiles(
        id,
        cache.file(stem + ".onnx", "/" + id + ".onnx", size, sha256),
        cache.file(
            stem + "-tokenizer.json",
            "/" + id + "-tokenizer.json",
            TOKENIZER_SIZE,
            TOKENIZER_SHA256),
        SETTINGS);
  }
}
