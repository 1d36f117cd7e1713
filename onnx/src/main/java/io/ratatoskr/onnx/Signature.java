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

/**
 * The inputs and the output of a graph, found and checked once when it is loaded.
 *
 * @param ids name of the token ids' input
 * @param mask name of the attention mask's input
 * @param typeIds name of the token type ids' input, where the graph has one
 * @param positionIds name of the token positions' input, where the graph has one
 * @param inputType int64 or int32
 * @param output name of the output to read
 * @param pooled whether it has one vector an input (rank 2) and not one a token (rank 3)
 * @param outputType fp32 or fp16
 */
record Signature(
    String ids,
    String mask,
    Optional<String> typeIds,
    Optional<String> positionIds,
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

  /** What a graph is loaded for. */
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
    if (inputs.size() > 2 + typeIds.stream().count() + positionIds.stream().count()) {
      throw refusal.because("an input that cannot be filled");
    }
    OnnxJavaType inputType = tensor(ids).map(info -> info.type).orElse(OnnxJavaType.UNKNOWN);
    if (inputType != OnnxJavaType.INT64 && inputType != OnnxJavaType.INT32) {
      throw refusal.because("input_ids of a wrong type");
    }
    for (NodeInfo input : inputs) {
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
    List<NodeInfo> sentence = floats(outputs, 2);
    List<NodeInfo> token = floats(outputs, 3);
    return sentence.stream()
        .filter(output -> output.getName().equals(SentenceModules.SENTENCE))
        .findFirst()
        .or(() -> token.stream().filter(out -> HIDDEN.contains(out.getName())).findFirst())
        .or(() -> token.stream().findFirst())
        .or(() -> sentence.stream().findFirst());
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
                .filter(
                    info -> info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.FLOAT16)
                .isPresent())
        .toList();
  }

  private static Optional<TensorInfo> tensor(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo info ? Optional.of(info) : Optional.empty();
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
                  + " token_type_ids and position_ids, nothing else; an fp32 or fp16 output %s.")
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
