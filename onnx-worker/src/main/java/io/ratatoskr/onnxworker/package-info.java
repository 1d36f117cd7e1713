/**
 * worker-core and onnx joined: an engine that loads models side by side, tells the catalog of them
 * and batches requests across each; a worker adds how its requests are read and answered. Start at
 * {@link io.ratatoskr.onnxworker.ModelEngine}.
 */
@NullMarked
package io.ratatoskr.onnxworker;

import org.jspecify.annotations.NullMarked;
