package io.ratatoskr.client;

import io.ratatoskr.client.SearchedPartition.Wanted;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the replies of handles on one lane: reads the inbox partition that a handle names from the
 * time of its request on, until the first terminal reply to it, or until none can come any more. It
 * reads beside everybody else, joins no group and confirms nothing. Has a thread and a consumer
 * while something is looked for.
 */
final class ReplySearch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplySearch.class);
  private static final Duration LOOKUP = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long BACKOFF_MS = 200;

  private final ClientContext context;
  private final String topic;
  private final String name;

  private final CountDownLatch closing = new CountDownLatch(1);

  // Guarded by this.
  private final List<Wanted> fresh = new ArrayList<>();
  private @Nullable Thread thread;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;

  /** What is looked for, by partition; used by the thread alone. */
  private final Map<TopicPartition, SearchedPartition> searched = new HashMap<>();

  ReplySearch(ClientContext context, Lane lane) {
    this.context = context;
    this.topic = Topics.replies(context.config().domain(), lane);
    this.name = "ratatoskr-client-await-" + lane.topicName();
  }

  /** The reply to a request of this lane and domain. */
  synchronized <R extends Reply> CompletableFuture<R> find(Handle handle, Call.Reader<R> reader) {
    if (closed()) {
      return CompletableFuture.failedFuture(new ClientClosedException());
    }
    CompletableFuture<R> reply = new CompletableFuture<>();
    long latest = handle.deadline().plus(context.config().patience().expiryGrace()).toEpochMilli();
    fresh.add(
        new Wanted(
            handle,
            latest,
            reply,
            outcome -> context.callbacks().execute(() -> complete(reply, reader, outcome.get()))));
    if (thread == null) {
      thread = new Thread(this::run, name);
      thread.setDaemon(true);
      thread.start();
    }
    return reply;
  }

  private static <R> void complete(
      CompletableFuture<R> reply, Call.Reader<R> reader, RecordOutcome outcome) {
    try {
      reply.complete(ReplyReading.answer(outcome, reader));
    } catch (RatatoskrException e) {
      reply.completeExceptionally(e);
    }
  }

  private void run() {
    while (goesOn()) {
      try (KafkaConsumer<byte[], byte[]> made = connect()) {
        search(made);
      } catch (WakeupException e) {
        LOG.debug("The search of {} is closed", topic);
      } catch (AuthorizationException e) {
        failAll(PipelineUnreachableException.forbidden(context.config(), topic, e));
      } catch (KafkaException e) {
        LOG.warn("Looking for replies in {} failed; trying again", topic, e);
        giveUp(e);
        beginAgain();
        pause();
      }
    }
  }

  /** Whether there is something to look for; ends the thread where there is nothing. */
  private synchronized boolean goesOn() {
    consumer = null;
    if (closed()) {
      failAll(new ClientClosedException());
    }
    if (fresh.isEmpty() && searched.isEmpty()) {
      thread = null;
      return false;
    }
    return true;
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private KafkaConsumer<byte[], byte[]> connect() {
    KafkaConsumer<byte[], byte[]> made = KafkaClients.consumer(context.config(), name);
    synchronized (this) {
      consumer = made;
      if (closed()) {
        made.wakeup();
      }
    }
    return made;
  }

  private void search(KafkaConsumer<byte[], byte[]> consumer) {
    int partitions = partitions(consumer);
    if (partitions == 0) {
      failAll(PipelineUnreachableException.missing(context.config(), topic));
      return;
    }
    while (true) {
      place(consumer, partitions);
      if (searched.isEmpty()) {
        return;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        found(record);
      }
      endOverdue(consumer);
      searched.values().removeIf(SearchedPartition::isDone);
    }
  }

  /** Partitions of the topic; 0 if there is none after a while. */
  private int partitions(KafkaConsumer<byte[], byte[]> consumer) {
    long end = context.clock().millis() + KafkaClients.TOPIC_PATIENCE_MS;
    int partitions = consumer.partitionsFor(topic, LOOKUP).size();
    while (partitions == 0 && context.clock().millis() < end) {
      pause();
      partitions = consumer.partitionsFor(topic, LOOKUP).size();
    }
    return partitions;
  }

  private synchronized List<Wanted> takeFresh() {
    List<Wanted> taken = List.copyOf(fresh);
    fresh.clear();
    return taken;
  }

  /** Begins to look for what is new: each partition is read from where its earliest may be. */
  private void place(KafkaConsumer<byte[], byte[]> consumer, int partitions) {
    for (Wanted wanted : takeFresh()) {
      int partition = wanted.handle().inboxPartition();
      if (partition >= partitions) {
        wanted.fail(
            InferenceError.replyNotFound(
                "%s has no partition %d, where the handle says that the reply is; is it of another Kafka?"
                    .formatted(topic, partition)));
      } else {
        searched
            .computeIfAbsent(new TopicPartition(topic, partition), p -> new SearchedPartition())
            .add(wanted);
      }
    }
    Set<TopicPartition> assigned = consumer.assignment();
    if (!assigned.equals(searched.keySet())) {
      consumer.assign(searched.keySet());
    }
    Map<TopicPartition, Long> times =
        searched.entrySet().stream()
            .filter(each -> each.getValue().isUnplaced())
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().earliestMs()));
    if (times.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(times.keySet());
    Map<TopicPartition, Long> ends = consumer.endOffsets(times.keySet());
    Map<TopicPartition, OffsetAndTimestamp> atTimes = consumer.offsetsForTimes(times);
    for (TopicPartition partition : times.keySet()) {
      long end = ends.getOrDefault(partition, 0L);
      OffsetAndTimestamp at = atTimes.get(partition);
      consumer.seek(
          partition,
          searched(partition)
              .place(
                  begins.getOrDefault(partition, 0L),
                  at == null ? end : at.offset(),
                  at == null ? 0 : at.timestamp(),
                  end));
    }
  }

  private SearchedPartition searched(TopicPartition partition) {
    return Objects.requireNonNull(searched.get(partition), partition.toString());
  }

  private void found(ConsumerRecord<byte[], byte[]> record) {
    SearchedPartition partition =
        searched.get(new TopicPartition(record.topic(), record.partition()));
    if (partition == null) {
      return;
    }
    partition.read(record.offset());
    if (record.value() == null || record.headers().lastHeader(Envelope.KIND) != null) {
      return;
    }
    Optional<ReplyTo> to = ReplyTo.read(record.headers());
    to.ifPresent(reply ->
        partition.end(
            reply.requestId(),
            () ->
                context
                    .replies()
                    .outcome(
                        reply.requestId(), record.value(), record.headers(), record.timestamp())));
  }

  /** Ends what no reply can come for: its time is over, and everything was read that came in it. */
  private void endOverdue(KafkaConsumer<byte[], byte[]> consumer) {
    long now = context.clock().millis();
    List<TopicPartition> overdue =
        searched.entrySet().stream()
            .filter(each -> each.getValue().isOverdue(now))
            .map(Map.Entry::getKey)
            .toList();
    if (overdue.isEmpty()) {
      return;
    }
    consumer
        .endOffsets(overdue)
        .forEach((partition, end) -> {
          if (consumer.position(partition) >= end) {
            searched(partition).endOverdue(now, topic);
          }
        });
  }

  /** Kafka does not answer: what is overdue fails with that. */
  private void giveUp(KafkaException cause) {
    long now = context.clock().millis();
    searched
        .values()
        .forEach(each ->
            each.endOverdue(now, PipelineUnreachableException.unusable(context.config(), cause)));
  }

  private void beginAgain() {
    searched.values().removeIf(SearchedPartition::isDone);
    searched.values().forEach(SearchedPartition::beginAgain);
  }

  private void failAll(RatatoskrException cause) {
    takeFresh().forEach(wanted -> wanted.fail(cause));
    searched.values().forEach(each -> each.failAll(cause));
    searched.clear();
  }

  /** Waits a moment; ends early where this is closed. */
  private void pause() {
    try {
      if (closing.await(BACKOFF_MS, TimeUnit.MILLISECONDS)) {
        throw new WakeupException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  /** Fails what is looked for. */
  @Override
  public void close() {
    Thread searching;
    synchronized (this) {
      closing.countDown();
      if (consumer != null) {
        consumer.wakeup();
      }
      searching = thread;
    }
    if (searching != null && !Thread.currentThread().equals(searching)) {
      try {
        searching.join(LOOKUP.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
