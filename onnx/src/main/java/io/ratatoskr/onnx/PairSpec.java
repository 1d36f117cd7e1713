package io.ratatoskr.onnx;

/**
 * The properties of a loaded cross-encoder: a model that reads premise and hypothesis together and
 * gives a logit for each of its classes.
 *
 * @param id the name that requests use, for instance {@code nli-minilm-l6}
 * @param revision the first 16 hex digits of the SHA-256 of the model's files
 * @param maxTokens most tokens of a pair, special tokens included
 * @param labels which logit stands for what
 */
public record PairSpec(String id, String revision, int maxTokens, NliLabels labels)
    implements ModelSpec {}
