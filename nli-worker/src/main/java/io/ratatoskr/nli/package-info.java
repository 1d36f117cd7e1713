/** NLI, zero-shot classification, stance, tokens. */
@NullMarked
package io.ratatoskr.nli;

import org.jspecify.annotations.NullMarked;
