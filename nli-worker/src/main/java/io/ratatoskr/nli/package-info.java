/**
 * Judgements of pairs of texts, and what is made of them. The rules that turn logits into answers
 * are pure, such as {@link io.ratatoskr.nli.Entailment} and {@link io.ratatoskr.nli.ZeroShot};
 * {@link io.ratatoskr.nli.NliEngine} puts them behind the wire.
 */
@NullMarked
package io.ratatoskr.nli;

import org.jspecify.annotations.NullMarked;
