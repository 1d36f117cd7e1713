package io.ratatoskr.client;

import io.ratatoskr.client.ClientMetrics.ReplyKind;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of a client: its flow control, its producer with the thread that may wait for it, and
 * its inbox. Opens in the background; calls made before wait for it.
 *
 * <p>Each capability has a flow control of its own. A caller of two, such as a retrieval that
 * embeds queries while it judges others, would else wait with the quick ones behind all the slow
 * ones, for room that only the slow workers make.
 */
final class LanePath implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LanePath.class);
  private static final long FIRST_BACKOFF_MS = 100;
  private static final long LONGEST_BACKOFF_MS = 5_000;
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /**
   * How long a topic counts as known: less than the 5 s for which a producer keeps metadata at
   * least.
   */
  private static final long TOPIC_KNOWN_MS = 4_000;

  private final ClientContext context;
  private final Lane lane;
  private final Map<Capability, FlowControl> flows;
  private final InboxReader inbox;
  private final ScheduledThreadPoolExecutor sender;

  /** When a broker last acknowledged a record of a topic. */
  private final Map<String, Long> lastAcknowledged = new ConcurrentHashMap<>();

  /** Made and replaced on the sender thread. */
  private volatile @Nullable KafkaProducer<byte[], byte[]> producer;

  LanePath(ClientContext context, Lane lane) {
    this.context = context;
    this.lane = lane;
    this.inbox = new InboxReader(context, lane, this::received);
    this.sender = DaemonThreads.scheduler("ratatoskr-client-send-" + lane.topicName());
    this.flows =
        Arrays.stream(Capability.values())
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    each -> new FlowControl(context.config(), context.clock(), this::enqueue)));
    context.metrics().watch(lane, this);
  }

  void start() {
    inbox.start();
    // The producer's classes load while the inbox opens.
    sender.execute(this::makeProducer);
  }

  CompletableFuture<Void> opening() {
    return inbox.opening();
  }

  /** The calls of all capabilities that are in flight or wait in this lane. */
  FlowControl.Load load() {
    return flows.values().stream()
        .map(FlowControl::load)
        .reduce(new FlowControl.Load(0, 0, 0, 0), FlowControl.Load::plus);
  }

  private FlowControl flow(PendingCall call) {
    return Objects.requireNonNull(flows.get(call.request.capability()));
  }

  /**
   * Takes calls of one capability that are pending already, or fails them all where too many wait.
   */
  void submit(List<PendingCall> calls) {
    FlowControl flow = flow(calls.get(0));
    if (!flow.submit(calls, this::sendOrQueue)) {
      ClientConfig config = context.config();
      fail(
          calls,
          InferenceError.overloaded(
              "too many requests wait for room in flight: "
                  + flow.load().waiting()
                  + " of "
                  + config.queued().calls()
                  + " ("
                  + ClientConfig.QUEUED_CALLS.key()
                  + ", "
                  + ClientConfig.QUEUED_BYTES.key()
                  + ")"));
    }
  }

  private void fail(List<PendingCall> calls, InferenceError error) {
    for (PendingCall call : calls) {
      take(call, new RequestFailedException(error));
    }
  }

  private void take(PendingCall call, RatatoskrException failure) {
    context.pending().take(call.id).ifPresent(mine -> finish(mine, failure));
  }

  /** Hands over the failure of a call that was taken out of the pending ones. */
  void finish(PendingCall call, RatatoskrException failure) {
    finish(call, () -> new RecordOutcome.Failure(failure));
  }

  private void finish(PendingCall call, Supplier<RecordOutcome> outcome) {
    context
        .callbacks()
        .execute(() -> {
          RecordOutcome result = outcome.get();
          context.metrics().ended(lane, result, context.clock().millis() - call.begun);
          context.confirmed().settled(call);
          try {
            call.complete(result);
          } finally {
            flow(call).settled(call);
          }
        });
  }

  /** Hands over the failure of a call whose deadline has passed. */
  void expire(PendingCall call) {
    finish(call, overdue(call));
  }

  private RatatoskrException overdue(PendingCall call) {
    Duration timeout = call.options.timeout();
    Optional<RatatoskrException> problem = inbox.problem();
    if (problem.isPresent()) {
      return problem.get();
    }
    if (!call.acknowledged) {
      if (call.sends.get() > 0 || !inbox.opened().isDone() || unacknowledged()) {
        return PipelineUnreachableException.silent(context.config(), timeout, null);
      }
    }
    String where =
        call.acknowledged
            ? "no reply came within "
            : "there was no room in flight (" + ClientConfig.IN_FLIGHT_RECORDS.key() + ") within ";
    return new RequestFailedException(
        InferenceError.expired(where + timeout.toMillis() / 1000.0 + " s"));
  }

  private boolean unacknowledged() {
    return flows.values().stream().anyMatch(FlowControl::unacknowledged);
  }

  private void received(RequestId id, byte[] value, Headers headers) {
    Optional<PendingCall> call = context.pending().take(id);
    context.metrics().read(lane, call.isPresent() ? ReplyKind.FIRST : ReplyKind.LATE);
    call.ifPresent(mine -> finish(mine, () -> context.replies().outcome(value, headers)));
  }

  /**
   * Sends on the thread of the caller where that cannot block, which spares a lone request the way
   * over another thread; bulk records, which are compressed as they are sent, go that way.
   */
  private void sendOrQueue(PendingCall call) {
    KafkaProducer<byte[], byte[]> made = producer;
    if (lane == Lane.INTERACTIVE && made != null && known(topic(call))) {
      try {
        send(call, made, inbox.open().orElseThrow());
        return;
      } catch (RuntimeException e) {
        // A producer replaced just now, an inbox out of order: that thread knows what to do.
        LOG.debug("{} goes over the sender thread", call.id, e);
      }
    }
    enqueue(call);
  }

  private boolean known(String topic) {
    Long at = lastAcknowledged.get(topic);
    return at != null && context.clock().millis() - at < TOPIC_KNOWN_MS;
  }

  private String topic(PendingCall call) {
    return Topics.requests(context.config().domain(), lane, call.request.capability());
  }

  private void enqueue(PendingCall call) {
    later(call, 0);
  }

  private void later(PendingCall call, long millis) {
    try {
      var unused = sender.schedule(() -> send(call), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      flow(call).sendEnded(call); // closed: the call fails with all that are pending
    }
  }

  private void send(PendingCall call) {
    if (!context.pending().holds(call)) {
      flow(call).sendEnded(call);
      return;
    }
    try {
      Inbox to = inbox.awaitOpen();
      send(call, makeProducer(), to);
    } catch (InterruptedException | InterruptException e) {
      flow(call).sendEnded(call);
    } catch (RatatoskrException e) {
      take(call, e);
      flow(call).sendEnded(call);
    } catch (KafkaException e) {
      failed(call, topic(call), e, producer);
    } catch (RuntimeException e) {
      take(call, PipelineUnreachableException.unusable(context.config(), e));
      flow(call).sendEnded(call);
    }
  }

  private void send(PendingCall call, KafkaProducer<byte[], byte[]> sending, Inbox to) {
    String topic = topic(call);
    int partitions = sending.partitionsFor(topic).size();
    TopicPartition partition = new TopicPartition(topic, call.request.key().partition(partitions));
    if (call.sends.getAndIncrement() > 0) {
      context.metrics().resent(lane);
    }
    context.confirmed().sending(call, partition);
    var unused =
        sending.send(
            recordOf(call, partition, to),
            (metadata, failure) -> {
              if (failure == null) {
                call.acknowledged = true;
                lastAcknowledged.put(topic, context.clock().millis());
                context.confirmed().acknowledged(call, partition, metadata.offset());
                flow(call).sendEnded(call);
              } else {
                failed(call, topic, failure, sending);
              }
            });
  }

  private KafkaProducer<byte[], byte[]> makeProducer() {
    KafkaProducer<byte[], byte[]> made = producer;
    if (made == null) {
      made = KafkaClients.producer(context.config(), lane, "ratatoskr-" + lane.topicName());
      producer = made;
    }
    return made;
  }

  private ProducerRecord<byte[], byte[]> recordOf(
      PendingCall call, TopicPartition partition, Inbox to) {
    RequestOptions options = call.options;
    long remaining = Math.max(1, call.deadline - context.clock().millis());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            partition.topic(),
            partition.partition(),
            call.request.key().toKey(),
            call.request.value());
    new Envelope(
            call.request.head(),
            to,
            Duration.ofMillis(remaining),
            options.job().orElse(null),
            options.traceparent().orElse(null))
        .writeTo(record.headers());
    call.request.codec().describe(record.headers());
    return record;
  }

  /**
   * Handles a failed send. The record may be in the topic all the same; sent again, it joins
   * itself.
   */
  private void failed(
      PendingCall call,
      String topic,
      Exception failure,
      @Nullable KafkaProducer<byte[], byte[]> used) {
    Optional<RatatoskrException> lasting = lasting(topic, failure);
    if (lasting.isPresent()) {
      take(call, lasting.get());
      flow(call).sendEnded(call);
      return;
    }
    LOG.debug("Sending {} to {} failed; trying again", call.id, topic, failure);
    if (used != null && !(failure instanceof RetriableException)) {
      replace(used);
    }
    long backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(call.sends.get(), 10));
    later(call, backoff / 2 + context.random().nextLong(backoff / 2));
  }

  private Optional<RatatoskrException> lasting(String topic, Exception failure) {
    ClientConfig config = context.config();
    if (failure instanceof AuthorizationException) {
      return Optional.of(PipelineUnreachableException.forbidden(config, topic, failure));
    }
    if (failure instanceof InvalidTopicException
        || failure.getCause() instanceof UnknownTopicOrPartitionException) {
      return Optional.of(PipelineUnreachableException.missing(config, topic));
    }
    if (failure instanceof RecordTooLargeException) {
      return Optional.of(
          new RequestFailedException(
              InferenceError.tooLarge(
                  0, Limits.MESSAGE_BYTES, topic + " takes no record of this size")));
    }
    return Optional.empty();
  }

  /** Closes a producer that a failure left unusable; the next send makes another one. */
  private void replace(KafkaProducer<byte[], byte[]> used) {
    try {
      sender.execute(() -> {
        if (used.equals(producer)) {
          producer = null;
          used.close(Duration.ZERO);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed; the producer goes with it");
    }
  }

  @Override
  public void close() {
    inbox.close();
    sender.shutdownNow();
    try {
      inbox.join(CLOSE);
      if (!sender.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The sender thread of the {} lane did not end", lane.topicName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    KafkaProducer<byte[], byte[]> made = producer;
    if (made != null) {
      made.close(Duration.ZERO);
    }
  }
}
