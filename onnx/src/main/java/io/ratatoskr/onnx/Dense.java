package io.ratatoskr.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A fully connected layer behind the pooling, sentence-transformers' module {@code Dense}: the
 * activation of weights times vector plus bias.
 */
final class Dense {
  private static final String WEIGHTS = "model.safetensors";
  private static final String LEGACY = "pytorch_model.bin";

  /** The functions that each number of the result is put through. */
  private enum Activation {
    IDENTITY,
    TANH
  }

  private final Path module;
  private final int inputs;
  private final int outputs;
  private final Activation activation;

  /** {@code [inputs][outputs]}, so that the inner loop over outputs runs on vector registers. */
  private final float[] weights;

  private final float[] bias;

  private Dense(
      Path module, int inputs, int outputs, Activation activation, float[] weights, float[] bias) {
    this.module = module;
    this.inputs = inputs;
    this.outputs = outputs;
    this.activation = activation;
    this.weights = weights;
    this.bias = bias;
  }

  /**
   * Reads a layer.
   *
   * @param name folder of the module inside the model's folder, such as {@code 2_Dense}
   * @throws ModelLoadException when it cannot be used, saying why
   */
  static Dense read(FolderFiles files, String name) {
    JsonNode config = files.json(FolderFiles.config(name));
    if (config.isMissingNode()) {
      throw files.missing("no %s, which modules.json asks for".formatted(FolderFiles.config(name)));
    }
    requireSentence(files, name, config, "module_input_name");
    requireSentence(files, name, config, "module_output_name");
    if (config.path("use_residual").asBoolean(false)) {
      throw files.settings(
          "%s: use_residual, which cannot be computed here. %s"
              .formatted(name, SentenceModules.EXPORT));
    }
    Activation activation = activation(files, name, config);
    int inputs = config.path("in_features").asInt(0);
    int outputs = config.path("out_features").asInt(0);
    Path module = files.folder().resolve(name);
    Path file = module.resolve(WEIGHTS);
    if (!Files.isRegularFile(file)) {
      throw noWeights(files, name);
    }
    try {
      if (inputs < 1 || outputs < 1) {
        throw new IOException(
            "%s must say in_features and out_features".formatted(FolderFiles.CONFIG));
      }
      Safetensors tensors = Safetensors.read(file);
      float[] weights = tensors.tensor("linear.weight", List.of(outputs, inputs));
      float[] bias =
          config.path("bias").asBoolean(true)
              ? tensors.tensor("linear.bias", List.of(outputs))
              : new float[outputs];
      return new Dense(
          module, inputs, outputs, activation, transposed(weights, inputs, outputs), bias);
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.SETTINGS,
          "Model %s: %s/%s cannot be used: %s."
              .formatted(files.id(), name, WEIGHTS, e.getMessage()),
          e);
    }
  }

  private static void requireSentence(FolderFiles files, String name, JsonNode config, String key) {
    String what = config.path(key).asString(SentenceModules.SENTENCE);
    if (!what.equals(SentenceModules.SENTENCE)) {
      throw files.settings(
          "%s: %s is \"%s\"; a layer behind the pooling can be computed here. %s"
              .formatted(name, key, what, SentenceModules.EXPORT));
    }
  }

  private static Activation activation(FolderFiles files, String name, JsonNode config) {
    String type = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
    return switch (type.substring(type.lastIndexOf('.') + 1)) {
      case "Identity" -> Activation.IDENTITY;
      case "Tanh" -> Activation.TANH;
      default ->
          throw files.settings(
              "%s: the activation %s; Identity and Tanh can be computed here. %s"
                  .formatted(name, type, SentenceModules.EXPORT));
    };
  }

  private static ModelLoadException noWeights(FolderFiles files, String name) {
    String what = "%s has no %s".formatted(name, WEIGHTS);
    if (Files.isRegularFile(files.folder().resolve(name).resolve(LEGACY))) {
      return files.settings(
          ("%s, only a %s, which may run code when it is read. Convert it in Python, with torch and"
               + " safetensors installed, in the model's folder: import torch, safetensors.torch;"
               + " safetensors.torch.save_file(torch.load(\"%s/%s\", map_location=\"cpu\","
               + " weights_only=True), \"%s/%s\")")
              .formatted(what, LEGACY, name, LEGACY, name, WEIGHTS));
    }
    return files.missing(what);
  }

  private static float[] transposed(float[] weights, int inputs, int outputs) {
    float[] transposed = new float[weights.length];
    for (int out = 0; out < outputs; out++) {
      for (int in = 0; in < inputs; in++) {
        transposed[in * outputs + out] = weights[out * inputs + in];
      }
    }
    return transposed;
  }

  /** Length of its result. */
  int outputs() {
    return outputs;
  }

  /** The files on which its results depend. */
  List<Path> files() {
    return List.of(module.resolve(FolderFiles.CONFIG), module.resolve(WEIGHTS));
  }

  /** Refuses to stand behind something that gives vectors of another length. */
  void requireInputs(int length) {
    if (length != inputs) {
      throw new IllegalArgumentException(
          "%s takes vectors of %d numbers, and what stands before it gives %d"
              .formatted(module.getFileName(), inputs, length));
    }
  }

  /**
   * The layer's result.
   *
   * @param vector as long as the layer has inputs
   * @return as long as it has outputs
   */
  float[] apply(float[] vector) {
    float[] result = Arrays.copyOf(bias, outputs);
    for (int in = 0; in < inputs; in++) {
      float value = vector[in];
      int row = in * outputs;
      for (int out = 0; out < outputs; out++) {
        result[out] += value * weights[row + out];
      }
    }
    if (activation == Activation.TANH) {
      for (int out = 0; out < outputs; out++) {
        result[out] = (float) Math.tanh(result[out]);
      }
    }
    return result;
  }

  @Override
  public String toString() {
    return "%s[%d to %d, %s]".formatted(module.getFileName(), inputs, outputs, activation);
  }
}
