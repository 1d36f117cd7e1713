package io.ratatoskr.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The inputs and the output of a graph, found and checked once when it is loaded. Every input but
 * those of {@code past} has the shape {@code [rows][padded tokens]} and the type {@code inputType}.
 *
 * @param ids name of the token ids' input
 * @param mask name of the attention mask's input
 * @param typeIds name of the token type ids' input, where the graph has one
 * @param positionIds name of the token positions' input, where the graph has one
 * @param past inputs of a graph for generation, for keys and values of earlier tokens
 * @param inputType int64 or int32
 * @param output name of the output to read: {@code [rows][padded tokens][width]}, or {@code
 *     [rows][width]} where the graph pools by itself or gives logits
 * @param pooled whether it is the second
 * @param outputType fp32 or fp16
 */
record Signature(
    String ids,
    String mask,
    Optional<String> typeIds,
    Optional<String> positionIds,
    List<Past> past,
    OnnxJavaType inputType,
    String output,
    boolean pooled,
    OnnxJavaType outputType) {
  private static final List<String> IDS = List.of("input_ids");
  private static final List<String> MASKS = List.of("attention_mask", "input_mask");
  private static final List<String> TYPE_IDS = List.of("token_type_ids", "segment_ids");
  private static final List<String> POSITION_IDS = List.of("position_ids");
  private static final List<String> HIDDEN = List.of("last_hidden_state", "token_embeddings");
  private static final String LOGITS = "logits";
  private static final String PAST = "past_key_values.";

  /**
   * An input for what a layer's attention kept of earlier tokens, {@code [rows][heads][earlier
   * tokens][width]}. A text is run as a whole, so there are none.
   *
   * @param type fp32 or fp16
   */
  record Past(String name, OnnxJavaType type, long heads, long width) {
    private static Optional<Past> of(NodeInfo input) {
      return tensor(input)
          .filter(info -> input.getName().startsWith(PAST) && rank(info) == 4 && isFloat(info))
          .filter(info -> info.getShape()[1] > 0 && info.getShape()[3] > 0)
          .map(
              info -> new Past(input.getName(), info.type, info.getShape()[1], info.getShape()[3]));
    }
  }

  /** The outputs that a graph can be loaded for. */
  enum Output {
    /** Embeddings. */
    VECTORS("with one vector a token [batch, sequence, n] or one a text [batch, n]"),
    /** Classes of a pair. */
    LOGITS("logits with one number a class [batch, n]");

    private final String needed;

    Output(String needed) {
      this.needed = needed;
    }
  }

  /**
   * The signature of a loaded graph.
   *
   * @throws ModelLoadException when an input cannot be filled or no output has what is wanted; says
   *     what the graph has and what is needed
   * @throws OrtException when the runtime cannot tell
   */
  static Signature of(OrtSession session, Output wanted) throws OrtException {
    return of(session.getInputInfo().values(), session.getOutputInfo().values(), wanted);
  }

  private static Signature of(
      Collection<NodeInfo> inputs, Collection<NodeInfo> outputs, Output wanted) {
    Refusal refusal = new Refusal(inputs, outputs, wanted);
    NodeInfo ids = input(inputs, IDS).orElseThrow(() -> refusal.because("no input_ids"));
    NodeInfo mask = input(inputs, MASKS).orElseThrow(() -> refusal.because("no attention_mask"));
    Optional<NodeInfo> typeIds = input(inputs, TYPE_IDS);
    Optional<NodeInfo> positionIds = input(inputs, POSITION_IDS);
    List<Past> past = inputs.stream().map(Past::of).flatMap(Optional::stream).toList();
    List<NodeInfo> perToken =
        Stream.of(Optional.of(ids), Optional.of(mask), typeIds, positionIds)
            .flatMap(Optional::stream)
            .toList();
    if (inputs.size() > perToken.size() + past.size()) {
      throw refusal.because("an input that cannot be filled");
    }
    OnnxJavaType inputType = tensor(ids).map(info -> info.type).orElse(OnnxJavaType.UNKNOWN);
    if (inputType != OnnxJavaType.INT64 && inputType != OnnxJavaType.INT32) {
      throw refusal.because("input_ids of a wrong type");
    }
    for (NodeInfo input : perToken) {
      if (!tensor(input).map(info -> info.type == inputType && rank(info) == 2).orElse(false)) {
        throw refusal.because(input.getName() + " of another type or rank");
      }
    }
    NodeInfo output =
        switch (wanted) {
          case VECTORS ->
              vectors(outputs).orElseThrow(() -> refusal.because("no output with vectors"));
          case LOGITS ->
              logits(outputs).orElseThrow(() -> refusal.because("no output with logits"));
        };
    TensorInfo tensor = (TensorInfo) output.getInfo();
    return new Signature(
        ids.getName(),
        mask.getName(),
        typeIds.map(NodeInfo::getName),
        positionIds.map(NodeInfo::getName),
        past,
        inputType,
        output.getName(),
        rank(tensor) == 2,
        tensor.type);
  }

  private static Optional<NodeInfo> input(Collection<NodeInfo> inputs, List<String> names) {
    return inputs.stream().filter(input -> names.contains(input.getName())).findFirst();
  }

  /** A sentence vector where the graph names it so, else token vectors, else any vector a text. */
  private static Optional<NodeInfo> vectors(Collection<NodeInfo> outputs) {
    List<NodeInfo> sentence = floats(outputs, 2).stream().filter(Signature::noLogits).toList();
    List<NodeInfo> token = floats(outputs, 3).stream().filter(Signature::noLogits).toList();
    return sentence.stream()
        .filter(output -> output.getName().equals(SentenceModules.SENTENCE))
        .findFirst()
        .or(() -> token.stream().filter(out -> HIDDEN.contains(out.getName())).findFirst())
        .or(() -> token.stream().findFirst())
        .or(() -> sentence.stream().findFirst());
  }

  /** Numbers a class, or a token of the vocabulary, are no vector. */
  private static boolean noLogits(NodeInfo output) {
    return !output.getName().equals(LOGITS);
  }

  /** The output of that name, else the only one that can be it. */
  private static Optional<NodeInfo> logits(Collection<NodeInfo> outputs) {
    List<NodeInfo> candidates = floats(outputs, 2);
    return candidates.stream()
        .filter(output -> output.getName().equals(LOGITS))
        .findFirst()
        .or(() -> candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty());
  }

  private static List<NodeInfo> floats(Collection<NodeInfo> outputs, int rank) {
    return outputs.stream()
        .filter(output ->
            tensor(output)
                .filter(info -> rank(info) == rank)
                .filter(Signature::isFloat)
                .isPresent())
        .toList();
  }

  private static Optional<TensorInfo> tensor(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo info ? Optional.of(info) : Optional.empty();
  }

  private static boolean isFloat(TensorInfo info) {
    return info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.FLOAT16;
  }

  private static int rank(TensorInfo info) {
    return info.getShape().length;
  }

  private record Refusal(Collection<NodeInfo> inputs, Collection<NodeInfo> outputs, Output wanted) {

    ModelLoadException because(String what) {
      return new ModelLoadException(
          ModelLoadException.Reason.SIGNATURE,
          ("The model has %s. It has the inputs %s and the outputs %s. Needed: int64 or int32"
                  + " inputs input_ids and attention_mask [batch, sequence], optionally"
                  + " token_type_ids, position_ids and past_key_values.*, nothing else; an fp32 or"
                  + " fp16 output %s.")
              .formatted(what, describe(inputs), describe(outputs), wanted.needed));
    }
  }

  private static String describe(Collection<NodeInfo> nodes) {
    return nodes.stream()
        .map(node ->
            node.getName()
                + tensor(node)
                    .map(info -> " " + info.type + Arrays.toString(info.getShape()))
                    .orElse(" (not a tensor)"))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
