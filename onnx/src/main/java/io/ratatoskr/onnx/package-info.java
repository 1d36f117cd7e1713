/** Models: folder or jar to session, tokenizer, batcher, pooling; knows no Kafka. */
@NullMarked
package io.ratatoskr.onnx;

import org.jspecify.annotations.NullMarked;
