package io.ratatoskr.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The client over Kafka. Each {@link Lane} has a path of its own, opened with its first call, with
 * limits for what is in flight and what waits, for each capability. Replies are read from one
 * partition of the lane's reply topic; the first terminal reply by offset is the answer, and later
 * ones are dropped.
 *
 * <p>Callbacks of the futures run on a pool of 16 threads. They may call the client again, but
 * should not block: a call keeps its room in flight until its callbacks have returned.
 *
 * <p>A future that its caller completes, by {@code cancel}, {@code orTimeout} or otherwise, cancels
 * its request: what waits for room in flight is not sent, and the router is told of what was sent.
 * This holds for the future that a call gives, not for futures derived from it. The room in flight
 * is free again when the router has confirmed.
 *
 * <p>Time spent waiting for room in flight counts against a request's timeout. A request whose send
 * no broker acknowledges is sent again, with growing pauses, until its timeout.
 */
public final class KafkaRatatoskr implements Ratatoskr {
  private static final int CALLBACK_THREADS = 16;
  private static final long EXPIRY_TICK_MS = 20;
  private static final long CLOSE_SECONDS = 5;

  private final Exchanges exchanges;
  private final ClientContext context;
  private final ThreadPoolExecutor callbacks;
  private final ScheduledThreadPoolExecutor expiry;
  private final Future<?> expiring;
  private final Map<Lane, LanePath> lanes = new EnumMap<>(Lane.class);
  private final Map<Lane, ReplySearch> searches = new EnumMap<>(Lane.class);
  private boolean closed;

  private KafkaRatatoskr(
      ClientConfig config, Exchanges exchanges, Clock clock, MeterRegistry registry) {
    this.exchanges = exchanges;
    this.callbacks = DaemonThreads.pool("ratatoskr-client-callback", CALLBACK_THREADS);
    this.context =
        new ClientContext(
            config,
            clock,
            new SecureRandom(),
            callbacks,
            new PendingReplies(clock, config.patience().expiryGrace()),
            new ConfirmedOffsets(),
            exchanges.replies(),
            new ClientMetrics(registry));
    this.expiry = DaemonThreads.scheduler("ratatoskr-client-expiry");
    this.expiring =
        expiry.scheduleWithFixedDelay(
            this::expire, EXPIRY_TICK_MS, EXPIRY_TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** As {@link #connect(ClientConfig)}, with the defaults for those brokers. */
  public static KafkaRatatoskr connect(String bootstrap) {
    return connect(ClientConfig.of(bootstrap));
  }

  /**
   * Connects, with meters in Micrometer's global registry.
   *
   * @throws PipelineUnreachableException if no broker takes a connection within the config's
   *     connect timeout, or the schema registry gives no ids
   */
  public static KafkaRatatoskr connect(ClientConfig config) {
    return connect(config, Metrics.globalRegistry);
  }

  /**
   * Connects.
   *
   * @throws PipelineUnreachableException if no broker takes a connection within the config's
   *     connect timeout, or the schema registry gives no ids
   */
  public static KafkaRatatoskr connect(ClientConfig config, MeterRegistry registry) {
    return connect(config, registry, Clock.systemUTC());
  }

  static KafkaRatatoskr connect(ClientConfig config, MeterRegistry registry, Clock clock) {
    Bootstrap.await(config);
    Exchanges exchanges;
    try {
      exchanges = Exchanges.of(SchemaIds.of(config.schemaRegistry()));
    } catch (SchemaRegistryException e) {
      throw new PipelineUnreachableException(String.valueOf(e.getMessage()), e);
    }
    return new KafkaRatatoskr(config, exchanges, clock, registry);
  }

  /**
   * Opens a lane ahead of its first call.
   *
   * @return completes when requests can go; exceptionally with a {@link RatatoskrException} if the
   *     lane's reply topic is missing or forbidden, or the client is closed before; never while no
   *     broker answers
   */
  public CompletableFuture<Void> open(Lane lane) {
    LanePath path;
    try {
      path = path(lane);
    } catch (ClientClosedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return path.opening().thenRunAsync(() -> {}, callbacks);
  }

  @Override
  public <R> CompletableFuture<R> ask(Request<R> request) {
    return asked(request, Integer.MAX_VALUE).reply();
  }

  @Override
  public <R> Submitted<R> submit(Request<R> request) {
    return asked(request, 1).submitted();
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // An exchange's replies are those of its requests.
  private <R> Asked<R> asked(Request<R> request, int mostRecords) {
    return request instanceof ChatCall<?> whole
        ? whole((ChatCall) whole)
        : call((Exchange) exchanges.of(request), (Request) request, mostRecords);
  }

  private <R extends ChatResult> Asked<R> whole(ChatCall<R> request) {
    try {
      Call<R> call = send(request, false, Parts.NONE, sent -> {});
      var unused = call.reply().whenComplete((reply, thrown) -> call.cancel());
      return new Asked<>(List.of(call), call.reply());
    } catch (RatatoskrException e) {
      return Asked.failed(e);
    }
  }

  @Override
  public <R extends ChatResult> ChatStream<R> stream(ChatCall<R> request) {
    ChatStream<R> stream = new ChatStream<>();
    try {
      send(request, true, stream.parts(exchanges.chat().chunks()), stream::join);
    } catch (RatatoskrException e) {
      stream.fail(e);
    }
    return stream;
  }

  /**
   * Sends the one record of a request.
   *
   * @param ready takes the call before anything can have arrived for it
   */
  private <R extends ChatResult> Call<R> send(
      ChatCall<R> request, boolean streamed, Parts parts, Consumer<Call<R>> ready) {
    ChatExchange exchange = exchanges.chat();
    LanePath path = path(request.options().lane());
    Call<R> call =
        new Call<>(
            record(exchange.codec(request), request, streamed, exchange.encode(request)),
            request.options(),
            context.clock().millis(),
            answer -> exchange.decode(request, answer),
            parts,
            path,
            callbacks);
    ready.accept(call);
    if (!context.pending().add(List.of(call))) {
      throw new ClientClosedException();
    }
    path.submit(List.of(call));
    return call;
  }

  private <Q extends Request<R>, I, O, R extends BatchReply<O>> Asked<R> call(
      Exchange<Q, I, O, R> exchange, Q request, int mostRecords) {
    BatchCall<Q, I, O, R> batch = new BatchCall<>(exchange, request);
    List<Call<R>> calls = new ArrayList<>();
    try {
      LanePath path = path(request.options().lane());
      List<byte[]> values = batch.encode();
      if (values.size() > mostRecords) {
        throw new IllegalArgumentException(
            "request: its items travel as %d records; ask for those of one in each request, and with the cache off"
                .formatted(values.size()));
      }
      for (byte[] value : values) {
        int part = calls.size();
        Call<R> call =
            new Call<>(
                record(exchange.codec(), request, false, value),
                request.options(),
                context.clock().millis(),
                batch.reader(part),
                Parts.NONE,
                path,
                callbacks);
        batch.join(part, call);
        calls.add(call);
      }
      if (!context.pending().add(calls)) {
        throw new ClientClosedException();
      }
      // However the caller ends it, by cancel or orTimeout: nobody waits for the rest.
      var unused = batch.reply().whenComplete((reply, thrown) -> calls.forEach(Call::cancel));
      path.submit(calls);
    } catch (RatatoskrException e) {
      return Asked.failed(e);
    }
    return new Asked<>(calls, batch.reply());
  }

  @Override
  public <R extends Reply> CompletableFuture<R> await(Handle handle, Class<R> type) {
    try {
      requireDomain(handle);
      return search(handle.lane()).find(handle, exchanges.reader(handle.capability()).as(type));
    } catch (RatatoskrException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void requireDomain(Handle handle) {
    Domain own = context.config().domain();
    if (!handle.domain().equals(own)) {
      throw new RequestFailedException(
          InferenceError.invalidInput(
              "the request is in domain %s, and this client in %s (client.domain)"
                  .formatted(handle.domain(), own)));
    }
  }

  @Override
  public CompletableFuture<Void> cancel(Handle handle) {
    try {
      requireDomain(handle);
    } catch (RatatoskrException e) {
      return CompletableFuture.failedFuture(e);
    }
    return cancel(handle.lane(), path -> path.cancel(handle));
  }

  @Override
  public CompletableFuture<Void> cancelJob(JobEpoch job, Lane lane) {
    return cancel(lane, path -> path.cancel(job));
  }

  private CompletableFuture<Void> cancel(
      Lane lane, Function<LanePath, CompletableFuture<Void>> cancellation) {
    try {
      return cancellation.apply(path(lane)).thenRunAsync(() -> {}, callbacks);
    } catch (ClientClosedException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<List<KnownModel>> models() {
    return CatalogReading.models(context, exchanges.ids());
  }

  private RequestRecord record(Codec<?> codec, Request<?> request, boolean streamed, byte[] value) {
    RequestOptions options = request.options();
    RequestHead head =
        new RequestHead(
            RequestId.next(context.clock(), context.random()),
            request.model(),
            "",
            streamed,
            options.tenant(),
            options.dataPolicy(),
            options.cache(),
            options.hints());
    Fingerprint key =
        Fingerprint.of(
            request.capability(), context.config().domain(), options.lane(), head, value);
    return new RequestRecord(
        context.config().domain(), head, request.capability(), key, value, codec);
  }

  private synchronized LanePath path(Lane lane) {
    if (closed) {
      throw new ClientClosedException();
    }
    LanePath path = lanes.get(lane);
    if (path == null) {
      path = new LanePath(context, lane);
      lanes.put(lane, path);
      path.start();
    }
    return path;
  }

  private synchronized ReplySearch search(Lane lane) {
    if (closed) {
      throw new ClientClosedException();
    }
    return searches.computeIfAbsent(lane, each -> new ReplySearch(context, each));
  }

  private synchronized @Nullable LanePath known(Lane lane) {
    return lanes.get(lane);
  }

  private void expire() {
    for (Call<?> call : context.pending().takeExpired()) {
      LanePath path = known(call.lane());
      if (path != null) {
        path.expire(call);
      }
    }
  }

  /** Request records of a lane that are sent and not answered. */
  public int inFlight(Lane lane) {
    LanePath path = known(lane);
    return path == null ? 0 : path.load().inFlight();
  }

  /** Request records of a lane that wait for room in flight. */
  public int waiting(Lane lane) {
    LanePath path = known(lane);
    return path == null ? 0 : path.load().waiting();
  }

  /**
   * The offsets below which this client needs nothing more: of each request partition it sent to,
   * all its requests below are answered; of each of its inbox partitions, all records below are
   * read. Others may still need them: the router until it has committed beyond, and clients that
   * read the same inbox partition.
   */
  public Map<TopicPartition, Long> confirmed() {
    return context.confirmed().all();
  }

  @Override
  public void close() {
    List<LanePath> paths;
    List<ReplySearch> searching;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      paths = new ArrayList<>(lanes.values());
      searching = new ArrayList<>(searches.values());
    }
    expiring.cancel(false);
    expiry.shutdown();
    context.pending().close().forEach(call -> call.end(new ClientClosedException()));
    paths.forEach(LanePath::close);
    searching.forEach(ReplySearch::close);
    context.metrics().close();
    callbacks.shutdown();
    awaitCallbacks();
  }

  /** Waits for callbacks that run, unless called from one, which would wait for itself. */
  private void awaitCallbacks() {
    if (Thread.currentThread().getName().startsWith("ratatoskr-client-callback")) {
      return;
    }
    try {
      if (!callbacks.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        callbacks.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
