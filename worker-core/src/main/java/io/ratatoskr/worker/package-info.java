/** The worker loop: queues, outcomes, lanes, heartbeats; no HTTP, no ONNX. */
@NullMarked
package io.ratatoskr.worker;

import org.jspecify.annotations.NullMarked;
