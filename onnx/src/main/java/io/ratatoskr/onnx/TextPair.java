package io.ratatoskr.onnx;

/**
 * Two texts that a cross-encoder reads together.
 *
 * @param premise what is taken as given
 * @param hypothesis what is judged by it
 */
public record TextPair(String premise, String hypothesis) {}
