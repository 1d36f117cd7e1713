/**
 * The asynchronous client. {@link io.ratatoskr.client.Ratatoskr} is what an application calls;
 * {@link io.ratatoskr.client.KafkaRatatoskr} is its implementation over Kafka.
 *
 * <p>The path of a request: {@code BatchCall} cuts it into records as its capability's {@code
 * Exchange} says, and each becomes a {@code Call}. {@code FlowControl} lets a call go when there is
 * room, the producer of its {@code LanePath} sends it, {@code PendingReplies} finds it again by its
 * id, and the one thread of {@code InboxReader} hands it what arrives, the last of which is its
 * terminal reply. A call that is cancelled goes to {@code CancellationSender}, and waits for that
 * reply all the same.
 *
 * <p>What a language model is asked ({@code ChatCall}) is one record. Asked for as a stream, its
 * pieces go from the call to {@code StreamedAnswer}, which puts them together, and from there to
 * the {@code EventBuffer} of a {@link io.ratatoskr.client.ChatStream}.
 *
 * <p>An answer outlives who asked: {@code ReplySearch} finds it by a {@link
 * io.ratatoskr.client.Handle}, beside the owner of its inbox. {@code LeaseRenewal} is for requests
 * that shall not outlive their client, and {@code CatalogReading} lists what can be asked.
 *
 * <p>{@link io.ratatoskr.client.Asker} is for whoever has many things to ask: it bounds what is in
 * flight, and asks again.
 */
@NullMarked
package io.ratatoskr.client;

import org.jspecify.annotations.NullMarked;
