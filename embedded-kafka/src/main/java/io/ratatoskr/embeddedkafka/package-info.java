/**
 * One real KRaft broker in this JVM; the only module that sees kafka_2.13. Start at {@link
 * io.ratatoskr.embeddedkafka.EmbeddedKafka#start}.
 */
@NullMarked
package io.ratatoskr.embeddedkafka;

import org.jspecify.annotations.NullMarked;
