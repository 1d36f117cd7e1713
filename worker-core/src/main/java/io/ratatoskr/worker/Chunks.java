package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.wire.Chunk;
import io.ratatoskr.schemas.wire.StreamTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the pieces of streamed answers to the inboxes of those who asked: the first one at once
 * together with the start, and whatever follows when 30 ms have passed since the last, or with 16
 * events. So a slow model's token waits for nothing, and a fast one's share a record.
 */
final class Chunks {
  private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);

  /** Between two records of one stream, unless there are {@link #MOST_EVENTS}. */
  static final Duration PAUSE = Duration.ofMillis(30);

  /** Events of one record at most. */
  static final int MOST_EVENTS = 16;

  private final Producer<byte[], byte[]> producer;
  private final Codec<Chunk> codec;
  private final LongSupplier nanoTime;
  private final Executor delayed;

  /**
   * @param delayed runs what it is given {@link #PAUSE} later, on threads that may block
   */
  Chunks(
      Producer<byte[], byte[]> producer,
      Codec<Chunk> codec,
      LongSupplier nanoTime,
      Executor delayed) {
    this.producer = producer;
    this.codec = codec;
    this.nanoTime = nanoTime;
    this.delayed = delayed;
  }

  /** The stream of a delivery's answer; empty where it is wanted as a whole alone. */
  Optional<Stream> open(Delivery delivery) {
    StreamTarget target = delivery.item().getStream();
    if (target == null) {
      return Optional.empty();
    }
    Optional<Topics.RequestTopic> source =
        Topics.RequestTopic.parse(delivery.item().getSource().getTopic());
    if (source.isEmpty()) {
      LOG.warn("{} asks for a stream from no request topic; none is sent", delivery);
      return Optional.empty();
    }
    return Optional.of(
        new Stream(
            delivery,
            Topics.replies(source.get().domain(), delivery.lane()),
            new ReplyTo(
                RequestId.parse(target.getRequestId()),
                new Inbox(target.getInboxPartition(), target.getInboxId()))));
  }

  /** The pieces of one execution's answer, on their way. */
  final class Stream implements EventSink {
    private final Delivery delivery;
    private final String topic;
    private final ReplyTo replyTo;
    private final List<ChatEvent> events = new ArrayList<>();
    private CompletableFuture<Void> acknowledged = CompletableFuture.completedFuture(null);
    private final long opened = nanoTime.getAsLong();
    private long firstAfterMs;
    private int sequence;
    private long lastSent;
    private boolean begun;
    private boolean waits;
    private boolean ended;

    Stream(Delivery delivery, String topic, ReplyTo replyTo) {
      this.delivery = delivery;
      this.topic = topic;
      this.replyTo = replyTo;
    }

    @Override
    public boolean isWanted() {
      return true;
    }

    @Override
    public synchronized void accept(ChatEvent event) {
      if (ended) {
        return;
      }
      add(event);
      // The start waits for the first piece, which most providers send with it.
      boolean start = event instanceof ChatEvent.Started;
      boolean first = !begun && !start;
      if (first) {
        firstAfterMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - opened));
      }
      begun |= first;
      if (events.size() >= MOST_EVENTS || first || (begun && isDue())) {
        send();
      } else if (!waits) {
        waits = true;
        delayed.execute(this::sendDelayed);
      }
    }

    /** Pieces of one text become one. */
    private void add(ChatEvent event) {
      ChatEvent last = events.isEmpty() ? null : events.getLast();
      switch (event) {
        case ChatEvent.Content next when last instanceof ChatEvent.Content(String text) ->
            events.set(events.size() - 1, new ChatEvent.Content(text + next.text()));
        case ChatEvent.Reasoning next when last instanceof ChatEvent.Reasoning(String text) ->
            events.set(events.size() - 1, new ChatEvent.Reasoning(text + next.text()));
        default -> events.add(event);
      }
    }

    private boolean isDue() {
      return nanoTime.getAsLong() - lastSent >= PAUSE.toNanos();
    }

    private synchronized void sendDelayed() {
      waits = false;
      send();
    }

    /** Milliseconds from the start until the first piece of the answer; 0 while there is none. */
    synchronized long firstAfterMs() {
      return firstAfterMs;
    }

    /**
     * Sends what there is and takes nothing more.
     *
     * @return completes when all pieces are acknowledged or given up; never fails, since the answer
     *     itself holds whatever a piece that was lost held
     */
    synchronized CompletableFuture<Void> end() {
      ended = true;
      send();
      return acknowledged;
    }

    private void send() {
      if (events.isEmpty()) {
        return;
      }
      ChatChunk chunk =
          new ChatChunk(delivery.execution(), delivery.item().getAttempt(), sequence, events);
      events.clear();
      sequence++;
      lastSent = nanoTime.getAsLong();
      CompletableFuture<Void> sent = new CompletableFuture<>();
      acknowledged = CompletableFuture.allOf(acknowledged, sent);
      try {
        var _ =
            producer.send(
                record(chunk),
                (_, failure) -> {
                  if (failure != null) {
                    LOG.warn("Chunk {} of {} is lost", chunk.sequence(), delivery, failure);
                  }
                  sent.complete(null);
                });
      } catch (KafkaException e) {
        LOG.warn("Chunk {} of {} is lost", chunk.sequence(), delivery, e);
        sent.complete(null);
      }
    }

    private ProducerRecord<byte[], byte[]> record(ChatChunk chunk) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              topic,
              replyTo.inbox().partition(),
              delivery.record().key(),
              codec.encode(chunk.toWire()));
      Headers headers = record.headers();
      replyTo.writeTo(headers);
      headers.add(ChatChunk.KIND_HEADER, ChatChunk.KIND.getBytes(UTF_8));
      codec.describe(headers);
      return record;
    }
  }
}
