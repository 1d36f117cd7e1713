/**
 * The wire: what travels between clients, router and workers, and nothing that decides.
 *
 * <p>Start at {@link io.ratatoskr.schemas.Topics} for who writes what to where, then {@link
 * io.ratatoskr.schemas.Envelope} for a request's headers, {@link io.ratatoskr.schemas.Fingerprint}
 * for its key and {@link io.ratatoskr.schemas.InferenceError} for how things fail. Records are Avro
 * ({@code src/main/avro}); the generated classes in {@code wire} stay at the edges of the modules.
 */
@NullMarked
package io.ratatoskr.schemas;

import org.jspecify.annotations.NullMarked;
