/**
 * What the name of a model stands for: a model that somebody serves, an alias, a model at a
 * provider, a preset, or the choice of the policy, by one written table. Everything here is pure.
 *
 * <p>Start at {@link io.ratatoskr.policy.name.ModelName}.
 */
@NullMarked
package io.ratatoskr.policy.name;

import org.jspecify.annotations.NullMarked;
