package io.ratatoskr.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.router.health.Tally;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Cancellation;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.settings.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A router without Kafka: one partition of each topic, time that stands until it is moved. */
final class Rig implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private static final Codec<WorkItem> WORK = Codec.of(WorkItem.class, SchemaIds.derived());
  private static final Codec<Reply> REPLY = Codec.of(Reply.class, SchemaIds.derived());
  private static final Codec<Abort> ABORT = Codec.of(Abort.class, SchemaIds.derived());
  private static final Codec<DeadLetter> LETTER = Codec.of(DeadLetter.class, SchemaIds.derived());

  final FakeDirectory directory = new FakeDirectory();
  final FakeCatalog catalog = new FakeCatalog();
  final AtomicReference<HealthSnapshot> health = new AtomicReference<>(HealthSnapshot.UNKNOWN);
  final Tally tally = new Tally("rig", health::get);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, String> settings;
  private final Pools pools;
  private Instant now = START;
  private int sent;
  private @Nullable LivePolicy live;
  private final Map<Lane, TopologyTestDriver> drivers = new EnumMap<>(Lane.class);
  private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new HashMap<>();
  private final Map<String, List<TestOutputTopic<byte[], byte[]>>> outputs = new HashMap<>();

  Rig(Map<String, String> settings) {
    this(settings, config(settings).pools());
  }

  Rig(Map<String, String> settings, Pools pools) {
    this.pools = pools;
    this.settings = new HashMap<>(settings);
    this.settings.put("router.store", "memory");
    for (Lane lane : Lane.values()) {
      for (Capability capability : Capability.values()) {
        directory.partitions.put(Topics.requests(Domain.DEFAULT, lane, capability), 1);
      }
      directory.partitions.put(Topics.replies(Domain.DEFAULT, lane), 32);
      directory.partitions.put(Topics.results(lane), 1);
      directory.partitions.put(Topics.cancellations(Domain.DEFAULT, lane), 1);
      for (WorkerPool pool : pools.all()) {
        directory.partitions.put(Topics.work(lane, pool.name()), 1);
      }
    }
    open();
  }

  Rig() {
    this(Map.of());
  }

  static RouterConfig config(Map<String, String> settings) {
    return RouterConfig.of(
            Deployment.allInOne(),
            Path.of("target", "rig"),
            Values.of(RouterConfig.settings(), settings))
        .withBootstrap("127.0.0.1:1");
  }

  void apply(String policy) {
    Objects.requireNonNull(live).apply(PolicyFile.parse("rig.toml", policy));
  }

  private void open() {
    RouterConfig config = config(settings).withPools(pools);
    RouterCodecs codecs = new RouterCodecs(SchemaIds.derived());
    Services services =
        new Services(
            config,
            codecs,
            directory,
            catalog,
            health::get,
            tally,
            new RouterMetrics(meters),
            SendPoint.PASS);
    live = services.livePolicy();
    inputs.clear();
    outputs.clear();
    for (Lane lane : Lane.values()) {
      drivers.put(
          lane,
          new TopologyTestDriver(
              RouterTopology.of(lane, services), StreamsSettings.of(lane, config), now));
    }
  }

  void send(Request request) {
    send(request, request.fingerprint().toKey(), request.value(), request.headers());
  }

  /** A request of any capability, under the key that its client would give it. */
  void send(Capability capability, String model) {
    send(capability, model, "");
  }

  /** A request that names a preset. */
  void sendWithPreset(Capability capability, String preset) {
    send(capability, "", preset);
  }

  private void send(Capability capability, String model, String preset) {
    byte[] bytes = "what the router does not look into".getBytes(StandardCharsets.UTF_8);
    RequestId id = Request.of(++sent, "").id();
    RequestHead head =
        new RequestHead(id, model, preset, false, "", DataPolicy.LOCAL_ONLY, CacheMode.OFF);
    Headers headers = new RecordHeaders();
    new Envelope(head, Request.of(sent, "").inbox(), Duration.ofSeconds(30), null, null)
        .writeTo(headers);
    byte[] key = Fingerprint.of(capability, Domain.DEFAULT, Lane.INTERACTIVE, head, bytes).toKey();
    input(Lane.INTERACTIVE, Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, capability))
        .pipeInput(new TestRecord<>(key, bytes, headers, now));
  }

  void sendAppendedAt(Request request, Instant appended) {
    send(request, request.fingerprint().toKey(), request.value(), request.headers(), appended);
  }

  void send(Request request, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    send(request, key, value, headers, now);
  }

  private void send(
      Request request,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      Instant appended) {
    input(request.lane(), Topics.requests(request.domain(), request.lane(), Capability.EMBED))
        .pipeInput(new TestRecord<>(key, value, headers, appended));
  }

  /** Cancels a request. */
  void cancel(Request request) {
    cancel(request.lane(), request.fingerprint().toKey(), new Cancellation.OfRequest(request.id()));
  }

  /** Has a request cancelled unless that is said again in time. */
  void lease(Request request, Duration within) {
    cancel(
        request.lane(),
        request.fingerprint().toKey(),
        new Cancellation.UnlessRenewed(request.id(), within));
  }

  /** The cancellations that the router itself has written since the last look; it reads them. */
  List<Cancellation> lost(Request request) {
    return output(Topics.cancellations(Domain.DEFAULT, request.lane())).stream()
        .map(record -> Cancellation.read(record.headers()))
        .toList();
  }

  /** Cancels a job's requests on a lane. */
  void cancel(Lane lane, JobEpoch job) {
    cancel(lane, null, new Cancellation.OfJob(job));
  }

  private void cancel(Lane lane, byte @Nullable [] key, Cancellation cancellation) {
    Headers headers = new RecordHeaders();
    cancellation.writeTo(headers);
    cancel(lane, key, headers);
  }

  /** A record on the cancellations topic, whatever it says. */
  void cancel(Lane lane, byte @Nullable [] key, Headers headers) {
    input(lane, Topics.cancellations(Domain.DEFAULT, lane))
        .pipeInput(new TestRecord<>(key, null, headers, now));
  }

  /** What workers were told to drop since the last look. */
  List<Object> aborts() {
    return output(Topics.aborts()).stream()
        .map(abort -> ABORT.decode(abort.value(), abort.headers()).getTarget())
        .toList();
  }

  /** A worker's report of a piece of work. */
  void report(Request request, WorkItem work, Object outcome) {
    report(request, work, "w1", "x" + work.getAttempt(), outcome);
  }

  void report(Request request, WorkItem work, String worker, String execution, Object outcome) {
    report(
        request.lane(),
        request.fingerprint().toKey(),
        Requests.result(work, worker, execution, outcome));
  }

  void report(Lane lane, byte[] key, byte[] value) {
    input(lane, Topics.results(lane))
        .pipeInput(new TestRecord<>(key, value, Requests.resultHeaders(), now));
  }

  private TestInputTopic<byte[], byte[]> input(Lane lane, String topic) {
    return inputs.computeIfAbsent(
        topic,
        name ->
            driver(lane)
                .createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  private TopologyTestDriver driver(Lane lane) {
    return Objects.requireNonNull(drivers.get(lane));
  }

  KeyValueStore<Bytes, byte[]> flights(Lane lane) {
    return driver(lane).getKeyValueStore(RouterTopology.FLIGHTS);
  }

  /** Work sent since the last look. */
  List<WorkItem> work() {
    return Stream.of(Lane.values()).flatMap(lane -> work(lane).stream()).toList();
  }

  List<WorkItem> interactiveWork() {
    return work(Lane.INTERACTIVE);
  }

  List<WorkItem> work(String topic) {
    return output(topic).stream().map(it -> WORK.decode(it.value(), it.headers())).toList();
  }

  private List<WorkItem> work(Lane lane) {
    return pools.all().stream()
        .flatMap(pool -> work(Topics.work(lane, pool.name())).stream())
        .toList();
  }

  /** Replies sent since the last look. */
  List<Told> replies() {
    List<Told> told = new ArrayList<>(interactiveReplies());
    told.addAll(replies(Lane.BULK));
    return told;
  }

  List<Told> interactiveReplies() {
    return replies(Lane.INTERACTIVE);
  }

  private List<Told> replies(Lane lane) {
    List<Told> told = new ArrayList<>();
    for (TestRecord<byte[], byte[]> reply : output(Topics.replies(Domain.DEFAULT, lane))) {
      ReplyTo to = ReplyTo.read(reply.headers()).orElseThrow();
      told.add(
          new Told(
              to.requestId(),
              to.inbox().partition(),
              REPLY.decode(reply.value(), reply.headers())));
    }
    return told;
  }

  /** Dead letters since the last look. */
  List<DeadLetter> deadLetters() {
    return output(Topics.deadLetters()).stream()
        .map(letter -> LETTER.decode(letter.value(), letter.headers()))
        .toList();
  }

  /** Records since the last look. */
  List<TestRecord<byte[], byte[]>> output(String topic) {
    return outputs
        .computeIfAbsent(
            topic,
            name ->
                drivers.values().stream()
                    .map(driver ->
                        driver.createOutputTopic(
                            name, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                    .toList())
        .stream()
        .flatMap(each -> each.readRecordsToList().stream())
        .toList();
  }

  void pass(Duration time) {
    Instant until = now.plus(time);
    while (now.isBefore(until)) {
      Duration step = Duration.between(now, until);
      step = step.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : step;
      now = now.plus(step);
      Duration passed = step;
      drivers.values().forEach(driver -> driver.advanceWallClockTime(passed));
    }
  }

  Instant now() {
    return now;
  }

  /** What the store of a lane holds. */
  List<KeyValue<Bytes, byte[]>> entries(Lane lane) {
    KeyValueStore<Bytes, byte[]> store = flights(lane);
    List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      all.forEachRemaining(entries::add);
    }
    return entries;
  }

  /** The entries of one kind: A, F, O, W, M, J or T. */
  List<KeyValue<Bytes, byte[]>> entries(Lane lane, char kind) {
    return entries(lane).stream().filter(entry -> entry.key.get()[0] == kind).toList();
  }

  /** The kinds of the entries written to a lane's changelog since the last look, in order. */
  List<Character> logged(Lane lane) {
    String topic = ChangelogTopics.of(lane, config(settings));
    return output(topic).stream().map(entry -> (char) entry.key()[0]).toList();
  }

  /**
   * Dies and comes back after a time: outputs not yet looked at are lost, offsets begin anew, of
   * the stores only what the predicate takes has reached the changelog.
   */
  void crash(Duration downtime, Predicate<Bytes> survives) {
    Map<Lane, List<KeyValue<Bytes, byte[]>>> kept = new HashMap<>();
    for (Lane lane : Lane.values()) {
      kept.put(lane, entries(lane).stream().filter(entry -> survives.test(entry.key)).toList());
    }
    close();
    now = now.plus(downtime);
    open();
    kept.forEach((lane, entries) -> {
      KeyValueStore<Bytes, byte[]> store = flights(lane);
      entries.forEach(entry -> store.put(entry.key, entry.value));
    });
  }

  void crash() {
    crash(Duration.ofSeconds(2), key -> true);
  }

  double count(RouterMetrics.Meter meter) {
    return Optional.ofNullable(meters.find(meter.meterName()).counter())
        .map(counter -> counter.count())
        .orElse(0.0);
  }

  @Override
  public void close() {
    drivers.values().forEach(TopologyTestDriver::close);
  }
}
