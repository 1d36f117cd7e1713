/**
 * Tokenizers by a model's name: how many tokens a text has, which, and where each begins and ends.
 * Knows no Kafka and no ONNX Runtime. Start at {@link io.ratatoskr.tokenize.Tokenizers}.
 */
@NullMarked
package io.ratatoskr.tokenize;

import org.jspecify.annotations.NullMarked;
