/**
 * The asynchronous client. {@link io.ratatoskr.client.Ratatoskr} is what an application calls;
 * {@link io.ratatoskr.client.KafkaRatatoskr} is its implementation over Kafka.
 *
 * <p>The path of a call: {@code BatchCall} cuts the request into records as its capability's {@code
 * Exchange} says, {@code FlowControl} lets each go when there is room, the producer sends it,
 * {@code PendingReplies} holds its future, and the one thread of {@code InboxReader} completes it
 * with the first terminal reply.
 *
 * <p>{@link io.ratatoskr.client.Asker} is for whoever has many things to ask: it bounds what is in
 * flight, and asks again.
 */
@NullMarked
package io.ratatoskr.client;

import org.jspecify.annotations.NullMarked;
