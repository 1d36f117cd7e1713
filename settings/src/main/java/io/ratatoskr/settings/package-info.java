/**
 * A configuration: each key is declared once, values come from files, environment and options, and
 * a mistake names its place, what is allowed and the nearest key.
 *
 * <p>Start at {@link io.ratatoskr.settings.Setting} for a key, {@link
 * io.ratatoskr.settings.KnownSettings} for all keys of a file and {@link
 * io.ratatoskr.settings.Layers} for where values come from.
 */
@NullMarked
package io.ratatoskr.settings;

import org.jspecify.annotations.NullMarked;
