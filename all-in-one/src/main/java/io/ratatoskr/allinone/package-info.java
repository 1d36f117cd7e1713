/**
 * Everything in one JVM: broker, topics, router, workers and a client of them.
 *
 * <p>Start at {@link io.ratatoskr.allinone.EmbeddedRatatoskr}, the entry for Java programs; {@link
 * io.ratatoskr.allinone.Pipeline} is the same without a client, and starts the parts side by side.
 * {@link io.ratatoskr.allinone.PoolWorkers} are workers alone, for a Kafka elsewhere; {@link
 * io.ratatoskr.allinone.ConfiguredModels} lists models without any.
 */
@NullMarked
package io.ratatoskr.allinone;

import org.jspecify.annotations.NullMarked;
