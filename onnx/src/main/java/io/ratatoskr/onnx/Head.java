package io.ratatoskr.onnx;

/**
 * What is made of a graph's output for one row of a batch.
 *
 * @param pooling how it is read: logits and pooled vectors with {@link Pooling#GRAPH}
 * @param width numbers a row: dimensions of a vector, or logits
 * @param normalise whether they are scaled to length 1
 */
record Head(Pooling pooling, int width, boolean normalise) {}
