package io.ratatoskr.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.client.ClientMetrics.ReplyKind;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
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
final class LanePath implements Call.Path, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LanePath.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long LAST_CANCELLATIONS_MS = 2_000;

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
  private final LaneProducer producer;
  private final CancellationSender cancellations;
  private final LeaseRenewal leases;

  /** When a broker last acknowledged a record of a topic. */
  private final Map<String, Long> lastAcknowledged = new ConcurrentHashMap<>();

  LanePath(ClientContext context, Lane lane) {
    this.context = context;
    this.lane = lane;
    this.inbox = new InboxReader(context, lane, this::received);
    this.sender = DaemonThreads.scheduler("ratatoskr-client-send-" + lane.topicName());
    this.producer = new LaneProducer(context.config(), lane, sender);
    this.cancellations = new CancellationSender(context, lane, producer, sender);
    this.leases = new LeaseRenewal(context, lane, producer, sender);
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
    sender.execute(producer::make);
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

  private FlowControl flow(Call<?> call) {
    return Objects.requireNonNull(flows.get(call.request().capability()));
  }

  /**
   * Takes calls of one capability that are pending already, or fails them all where too many wait.
   */
  void submit(List<? extends Call<?>> calls) {
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

  private static void fail(List<? extends Call<?>> calls, InferenceError error) {
    calls.forEach(call -> call.end(new RequestFailedException(error)));
  }

  @Override
  public void cancel(Call<?> call) {
    cancellations.send(call);
  }

  /** Cancels a request that was sent by another client. */
  CompletableFuture<Void> cancel(Handle handle) {
    return cancellations.send(handle.requestId(), handle.key());
  }

  /** Cancels the requests of a job. */
  CompletableFuture<Void> cancel(JobEpoch job) {
    return cancellations.send(job);
  }

  @Override
  public void ended(Call<?> call, @Nullable RatatoskrException failure) {
    context.pending().remove(call);
    leases.end(call);
    context.metrics().ended(lane, failure, context.clock().millis() - call.begun());
    context.confirmed().settled(call);
  }

  @Override
  public void settled(Call<?> call) {
    flow(call).settled(call);
  }

  /** Ends a call whose deadline has passed. */
  void expire(Call<?> call) {
    call.end(overdue(call));
  }

  private RatatoskrException overdue(Call<?> call) {
    Duration timeout = call.options().timeout();
    if (call.isCancelled()) {
      return new RequestFailedException(
          InferenceError.cancelled("cancelled; the router has not confirmed it"));
    }
    Optional<RatatoskrException> problem = inbox.problem();
    if (problem.isPresent()) {
      return problem.get();
    }
    if (!call.isAcknowledged()) {
      if (call.sends() > 0 || !inbox.opened().isDone() || unacknowledged()) {
        return PipelineUnreachableException.silent(context.config(), timeout, null);
      }
    }
    String where =
        call.isAcknowledged()
            ? "no reply came within "
            : "there was no room in flight (" + ClientConfig.IN_FLIGHT_RECORDS.key() + ") within ";
    return new RequestFailedException(
        InferenceError.expired(where + timeout.toMillis() / 1000.0 + " s"));
  }

  private boolean unacknowledged() {
    return flows.values().stream().anyMatch(FlowControl::unacknowledged);
  }

  private void received(RequestId id, byte[] value, Headers headers) {
    context.metrics().read(lane, delivered(context.pending().find(id), value, headers));
  }

  private ReplyKind delivered(Optional<Call<?>> found, byte[] value, Headers headers) {
    Header kind = headers.lastHeader(Envelope.KIND);
    if (found.isEmpty()) {
      return ReplyKind.LATE;
    }
    Call<?> call = found.get();
    if (kind == null || kind.value() == null) {
      boolean first =
          call.end(
              () -> context.replies().outcome(call.id(), value, headers, context.clock().millis()));
      return first ? ReplyKind.FIRST : ReplyKind.LATE;
    }
    String name = new String(kind.value(), UTF_8);
    if (!call.knows(name)) {
      return ReplyKind.UNKNOWN;
    }
    return call.part(name, value, headers) ? ReplyKind.PART : ReplyKind.LATE;
  }

  /**
   * Sends on the thread of the caller where that cannot block, which spares a lone request the way
   * over another thread; bulk records, which are compressed as they are sent, go that way.
   */
  private void sendOrQueue(Call<?> call) {
    KafkaProducer<byte[], byte[]> made = producer.current();
    boolean quick = lane == Lane.INTERACTIVE && !LeaseRenewal.isFor(call);
    if (quick && made != null && known(topic(call))) {
      try {
        send(call, made, inbox.open().orElseThrow());
        return;
      } catch (RuntimeException e) {
        // A producer replaced just now, an inbox out of order: that thread knows what to do.
        LOG.debug("{} goes over the sender thread", call.id(), e);
      }
    }
    enqueue(call);
  }

  private boolean known(String topic) {
    Long at = lastAcknowledged.get(topic);
    return at != null && context.clock().millis() - at < TOPIC_KNOWN_MS;
  }

  private String topic(Call<?> call) {
    return Topics.requests(context.config().domain(), lane, call.request().capability());
  }

  private void enqueue(Call<?> call) {
    later(call, 0);
  }

  private void later(Call<?> call, long millis) {
    try {
      var unused = sender.schedule(() -> send(call), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      flow(call).sendEnded(call); // closed: the call fails with all that are pending
    }
  }

  private void send(Call<?> call) {
    if (call.isEnded()) {
      flow(call).sendEnded(call);
      return;
    }
    try {
      Inbox to = inbox.awaitOpen();
      if (LeaseRenewal.isFor(call)) {
        leases.begin(call);
      }
      send(call, producer.make(), to);
    } catch (InterruptedException | InterruptException e) {
      flow(call).sendEnded(call);
    } catch (RatatoskrException e) {
      call.end(e);
      flow(call).sendEnded(call);
    } catch (KafkaException e) {
      failed(call, topic(call), e, producer.current());
    } catch (RuntimeException e) {
      call.end(PipelineUnreachableException.unusable(context.config(), e));
      flow(call).sendEnded(call);
    }
  }

  private void send(Call<?> call, KafkaProducer<byte[], byte[]> sending, Inbox to) {
    String topic = topic(call);
    int partitions = sending.partitionsFor(topic).size();
    TopicPartition partition =
        new TopicPartition(topic, call.request().key().partition(partitions));
    OptionalInt number = call.sending(to);
    if (number.isEmpty()) {
      notSent(call);
      return;
    }
    if (number.getAsInt() > 1) {
      context.metrics().resent(lane);
    }
    context.confirmed().sending(call, partition);
    var unused =
        sending.send(
            recordOf(call, partition, to),
            (metadata, failure) -> {
              if (failure == null) {
                call.acknowledge();
                lastAcknowledged.put(topic, context.clock().millis());
                context.confirmed().acknowledged(call, partition, metadata.offset());
                flow(call).sendEnded(call);
              } else {
                failed(call, topic, failure, sending);
              }
            });
  }

  /** Gives up a call that has ended, or that was cancelled before any broker took it. */
  private void notSent(Call<?> call) {
    call.end(
        new RequestFailedException(
            InferenceError.cancelled("cancelled before a broker had taken it")));
    flow(call).sendEnded(call);
  }

  private ProducerRecord<byte[], byte[]> recordOf(
      Call<?> call, TopicPartition partition, Inbox to) {
    RequestRecord request = call.request();
    RequestOptions options = call.options();
    long remaining = Math.max(1, call.deadline() - context.clock().millis());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            partition.topic(), partition.partition(), request.key().toKey(), request.value());
    new Envelope(
            request.head(),
            to,
            Duration.ofMillis(remaining),
            options.job().orElse(null),
            options.traceparent().orElse(null))
        .writeTo(record.headers());
    request.codec().describe(record.headers());
    return record;
  }

  /**
   * Handles a failed send. The record may be in the topic all the same; sent again, it joins
   * itself.
   */
  private void failed(
      Call<?> call, String topic, Exception failure, @Nullable KafkaProducer<byte[], byte[]> used) {
    Optional<RatatoskrException> lasting = KafkaClients.lasting(context.config(), topic, failure);
    if (lasting.isPresent()) {
      call.end(lasting.get());
      flow(call).sendEnded(call);
      return;
    }
    LOG.debug("Sending {} to {} failed; trying again", call.id(), topic, failure);
    producer.failed(used, failure);
    later(call, KafkaClients.pause(call.sends(), context.random()));
  }

  @Override
  public void close() {
    inbox.close();
    try {
      cancellations.flush(LAST_CANCELLATIONS_MS);
      sender.shutdownNow();
      inbox.join(CLOSE);
      if (!sender.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The sender thread of the {} lane did not end", lane.topicName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sender.shutdownNow();
      producer.close();
    }
  }
}
