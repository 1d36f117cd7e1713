/** The asynchronous client: Ratatoskr, KafkaRatatoskr. */
@NullMarked
package io.ratatoskr.client;

import org.jspecify.annotations.NullMarked;
