/**
 * Presets: names of a tier and a slot, such as {@code premium/coding}, behind which a configuration
 * puts models, or what they must be able to do, and options. Everything here is pure.
 *
 * <p>Start at {@link io.ratatoskr.policy.preset.Presets}.
 */
@NullMarked
package io.ratatoskr.policy.preset;

import org.jspecify.annotations.NullMarked;
