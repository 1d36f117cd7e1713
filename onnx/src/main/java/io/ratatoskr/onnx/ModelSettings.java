package io.ratatoskr.onnx;

/**
 * What a model's own configuration says.
 *
 * @param pooling how token vectors become one
 * @param normalise whether vectors are scaled to length 1
 * @param maxTokens most tokens of one text, special tokens included
 * @param queryPrefix put before every query
 * @param documentPrefix put before every document
 */
record ModelSettings(
    Pooling pooling, boolean normalise, int maxTokens, String queryPrefix, String documentPrefix) {}
