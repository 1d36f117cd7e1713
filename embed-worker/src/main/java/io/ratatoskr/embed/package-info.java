/** Embeddings: worker-core and onnx joined. */
@NullMarked
package io.ratatoskr.embed;

import org.jspecify.annotations.NullMarked;
