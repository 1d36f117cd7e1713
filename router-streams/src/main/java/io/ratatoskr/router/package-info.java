/** The Kafka Streams router: admission, settlement, alarms. */
@NullMarked
package io.ratatoskr.router;

import org.jspecify.annotations.NullMarked;
