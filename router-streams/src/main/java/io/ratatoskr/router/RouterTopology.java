package io.ratatoskr.router;

import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.router.flight.Occupancy;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.Topics.RequestTopic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the topology of a lane: its sources, processors, store and sinks; each lane is an
 * application of its own.
 *
 * <pre>
 *   requests of all domains and capabilities ──► {@link Admission} ──┐
 *   cancellations of all domains ──────────────► {@link Withdrawal} ─┤
 *   results ───────────────────────────────────► {@link Settlement} ─┼──► replies, work, aborts, dead letters, usage
 *   time ──────────────────────────────────────► {@link Alarms} ─────┘
 *                                flights, answers
 * </pre>
 */
final class RouterTopology {
  private RouterTopology() {}

  /** The store of flights, waiters, alarms and markers. */
  static final String FLIGHTS = "flights";

  /** The store of kept answers, where a lane has one. */
  static final String ANSWERS = "answers";

  /** What a task's processors share beside its stores. */
  static final String TASK = "task";

  private static final String REQUESTS = "requests";
  private static final String RESULTS = "results";
  private static final String CANCELLATIONS = "cancellations";
  private static final String ADMISSION = "admission";
  private static final String SETTLEMENT = "settlement";
  private static final String WITHDRAWAL = "withdrawal";
  private static final String ALARMS = "alarms";

  static Topology of(Lane lane, Services services) {
    RouterConfig config = services.config();
    Map<String, RequestTopic> requests = requestTopics(lane, config);
    Map<String, Domain> cancellations = cancellationTopics(lane, config);
    Topology topology = new Topology();
    topology
        .addSource(REQUESTS, bytes(), bytes(), sorted(requests))
        .addSource(RESULTS, bytes(), bytes(), Topics.results(lane))
        .addSource(CANCELLATIONS, bytes(), bytes(), sorted(cancellations))
        .addProcessor(ADMISSION, () -> new Admission(lane, requests, services), REQUESTS)
        .addProcessor(SETTLEMENT, () -> new Settlement(lane, services), RESULTS)
        .addProcessor(
            WITHDRAWAL, () -> new Withdrawal(lane, cancellations, services), CANCELLATIONS)
        .addProcessor(ALARMS, () -> new Alarms(lane, services), SETTLEMENT)
        .addStateStore(flightStore(config), ADMISSION, SETTLEMENT, WITHDRAWAL, ALARMS)
        .addStateStore(
            new TaskStateBuilder(TASK, lane, services), ADMISSION, SETTLEMENT, WITHDRAWAL, ALARMS);
    if (caches(lane, config)) {
      topology.addStateStore(answerStore(config), ADMISSION, SETTLEMENT, WITHDRAWAL, ALARMS);
    }
    for (Sink sink : Sink.values()) {
      topology.addSink(
          sink.node(),
          new Emission.Destination(),
          new ByteArraySerializer(),
          new Emission.ValueSerializer(),
          new Emission.Partitioner(),
          ADMISSION,
          SETTLEMENT,
          WITHDRAWAL,
          ALARMS);
    }
    return topology;
  }

  /** The request topics of a lane, with what their names say. */
  static Map<String, RequestTopic> requestTopics(Lane lane, RouterConfig config) {
    Map<String, RequestTopic> topics = new HashMap<>();
    for (Domain domain : config.deployment().domains()) {
      for (Capability capability : Capability.values()) {
        topics.put(
            Topics.requests(domain, lane, capability), new RequestTopic(domain, lane, capability));
      }
    }
    return topics;
  }

  /** The cancellation topics of a lane, with their domains. */
  static Map<String, Domain> cancellationTopics(Lane lane, RouterConfig config) {
    Map<String, Domain> topics = new HashMap<>();
    for (Domain domain : config.deployment().domains()) {
      topics.put(Topics.cancellations(domain, lane), domain);
    }
    return topics;
  }

  /** Whether a lane has an answer cache; nothing of the bulk lane is stored. */
  static boolean caches(Lane lane, RouterConfig config) {
    return lane == Lane.INTERACTIVE && config.cache().enabled();
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> flightStore(RouterConfig config) {
    return Stores.keyValueStoreBuilder(
            supplier(FLIGHTS, config), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(StreamsSettings.changelogTopic());
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> answerStore(RouterConfig config) {
    return Stores.keyValueStoreBuilder(
            supplier(ANSWERS, config), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingDisabled();
  }

  private static KeyValueBytesStoreSupplier supplier(String name, RouterConfig config) {
    return config.streams().inMemory()
        ? Stores.inMemoryKeyValueStore(name)
        : Stores.persistentKeyValueStore(name);
  }

  private static ByteArrayDeserializer bytes() {
    return new ByteArrayDeserializer();
  }

  private static String[] sorted(Map<String, ?> topics) {
    return topics.keySet().stream().sorted().toArray(String[]::new);
  }

  private record TaskStateBuilder(String name, Lane lane, Services services)
      implements StoreBuilder<TaskState> {
    @Override
    public StoreBuilder<TaskState> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<TaskState> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<TaskState> withLoggingEnabled(Map<String, String> config) {
      return this;
    }

    @Override
    public StoreBuilder<TaskState> withLoggingDisabled() {
      return this;
    }

    @Override
    public TaskState build() {
      Occupancy none = new Occupancy(services.config().admission().stepMs(lane));
      return new TaskState(name, lane, new FlightCount(none), services.occupancies());
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
