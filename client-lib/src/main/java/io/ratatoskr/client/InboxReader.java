package io.ratatoskr.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.client.ClientMetrics.ReplyKind;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one lane's inbox: a partition of the reply topic, chosen at random, from where it ends when
 * the inbox is opened. Its thread is the only one that touches the consumer. Others read the same
 * partition; their replies are told by the inbox id in the header and not decoded.
 */
final class InboxReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LOOKUP = Duration.ofSeconds(3);
  private static final long BACKOFF_MS = 200;

  /** Takes what is addressed to this inbox, in the order of offsets, on the reader's thread. */
  interface Listener {
    void received(RequestId id, byte[] value, Headers headers);
  }

  private final ClientContext context;
  private final Lane lane;
  private final String topic;
  private final String id;
  private final Listener listener;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Inbox> opened = new CompletableFuture<>();

  // Guarded by this.
  private @Nullable RatatoskrException problem;
  private CompletableFuture<Void> opening = new CompletableFuture<>();
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;

  InboxReader(ClientContext context, Lane lane, Listener listener) {
    this.context = context;
    this.lane = lane;
    this.topic = Topics.replies(context.config().domain(), lane);
    this.id =
        new UUID(context.random().nextLong(), context.random().nextLong())
            .toString()
            .replace("-", "");
    this.listener = listener;
    this.thread = new Thread(this::run, "ratatoskr-client-inbox-" + lane.topicName());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Completes when the inbox's position is known; exceptionally when the reader is closed. */
  CompletableFuture<Inbox> opened() {
    return opened;
  }

  /**
   * The problem that keeps the inbox from being read and will not pass by waiting, if there is one.
   */
  synchronized Optional<RatatoskrException> problem() {
    return Optional.ofNullable(problem);
  }

  /** Completes when the inbox opens, or exceptionally with the next problem. */
  synchronized CompletableFuture<Void> opening() {
    return problem == null ? opening : CompletableFuture.failedFuture(problem);
  }

  private synchronized void state(RatatoskrException newProblem) {
    problem = newProblem;
    opening.completeExceptionally(newProblem);
    if (!opened.isDone()) {
      opening = new CompletableFuture<>();
    }
    notifyAll();
  }

  private synchronized void opened(Inbox inbox) {
    problem = null;
    opened.complete(inbox);
    opening.complete(null);
    notifyAll();
  }

  /** The inbox, if it is open and nothing is wrong with it. */
  synchronized Optional<Inbox> open() {
    return problem == null && opened.isDone() && !opened.isCompletedExceptionally()
        ? Optional.of(opened.join())
        : Optional.empty();
  }

  /**
   * The inbox, when it is open.
   *
   * @throws RatatoskrException if that cannot be
   */
  synchronized Inbox awaitOpen() throws InterruptedException {
    while (!opened.isDone() && problem == null) {
      wait();
    }
    return open().orElseThrow(() -> problem == null ? new ClientClosedException() : problem);
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> made = connect()) {
      TopicPartition partition = open(made);
      while (!closed()) {
        read(made, partition);
      }
    } catch (WakeupException | ClientClosedException e) {
      LOG.debug("The inbox on {} is closed", topic);
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    if (opened.completeExceptionally(new ClientClosedException())) {
      state(new ClientClosedException());
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private KafkaConsumer<byte[], byte[]> connect() {
    while (true) {
      try {
        KafkaConsumer<byte[], byte[]> made =
            KafkaClients.consumer(context.config(), "ratatoskr-inbox-" + id);
        synchronized (this) {
          consumer = made;
        }
        if (closed()) {
          made.close();
          throw new ClientClosedException();
        }
        return made;
      } catch (KafkaException e) {
        state(PipelineUnreachableException.unusable(context.config(), e));
        backOff();
      }
    }
  }

  private TopicPartition open(KafkaConsumer<byte[], byte[]> consumer) {
    long begun = context.clock().millis();
    while (true) {
      try {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, LOOKUP);
        if (!partitions.isEmpty()) {
          int chosen = context.random().nextInt(partitions.size());
          TopicPartition partition = new TopicPartition(topic, partitions.get(chosen).partition());
          consumer.assign(List.of(partition));
          consumer.seekToEnd(List.of(partition));
          context.confirmed().read(partition, consumer.position(partition, LOOKUP));
          opened(new Inbox(partition.partition(), id));
          return partition;
        }
        if (context.clock().millis() - begun >= KafkaClients.TOPIC_PATIENCE_MS) {
          state(PipelineUnreachableException.missing(context.config(), topic));
        }
      } catch (AuthorizationException e) {
        state(PipelineUnreachableException.forbidden(context.config(), topic, e));
      } catch (WakeupException e) {
        throw e;
      } catch (KafkaException e) {
        LOG.warn("No inbox yet on {}: {}", context.config().bootstrap(), e.getMessage());
        begun = context.clock().millis();
      }
      backOff();
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      readable();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        deliver(record);
      }
      if (!records.isEmpty()) {
        context.confirmed().read(partition, consumer.position(partition));
      }
    } catch (WakeupException e) {
      throw e;
    } catch (AuthorizationException e) {
      state(PipelineUnreachableException.forbidden(context.config(), topic, e));
      backOff();
    } catch (KafkaException e) {
      LOG.warn("Reading {} failed; trying again", partition, e);
      backOff();
    }
  }

  private synchronized void readable() {
    problem = null;
  }

  private void deliver(ConsumerRecord<byte[], byte[]> record) {
    Optional<ReplyTo> to = isMine(record) ? ReplyTo.read(record.headers()) : Optional.empty();
    if (to.isEmpty() || record.value() == null) {
      context.metrics().read(lane, ReplyKind.FOREIGN);
      return;
    }
    listener.received(to.get().requestId(), record.value(), record.headers());
  }

  private boolean isMine(ConsumerRecord<byte[], byte[]> record) {
    Header inbox = record.headers().lastHeader(Envelope.INBOX);
    byte[] mine = new Inbox(record.partition(), id).headerValue().getBytes(UTF_8);
    return inbox != null && Arrays.equals(mine, inbox.value());
  }

  private void backOff() {
    try {
      if (closing.await(BACKOFF_MS, TimeUnit.MILLISECONDS)) {
        throw new ClientClosedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientClosedException();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    synchronized (this) {
      if (consumer != null) {
        consumer.wakeup();
      }
    }
  }

  /** Waits for the thread's end after {@link #close()}. */
  void join(Duration longest) throws InterruptedException {
    if (!Thread.currentThread().equals(thread)) {
      thread.join(longest.toMillis());
    }
  }
}
