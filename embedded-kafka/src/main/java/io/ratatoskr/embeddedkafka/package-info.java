/** One real KRaft broker in this JVM; the only module that sees kafka_2.13. */
@NullMarked
package io.ratatoskr.embeddedkafka;

import org.jspecify.annotations.NullMarked;
