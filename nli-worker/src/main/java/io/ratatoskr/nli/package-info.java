/**
 * NLI, zero-shot classification, stance. The rules that turn logits into answers are pure: {@link
 * io.ratatoskr.nli.Entailment}, {@link io.ratatoskr.nli.ZeroShot}, {@link io.ratatoskr.nli.Stance};
 * {@link io.ratatoskr.nli.NliEngine} puts them behind the wire.
 */
@NullMarked
package io.ratatoskr.nli;

import org.jspecify.annotations.NullMarked;
