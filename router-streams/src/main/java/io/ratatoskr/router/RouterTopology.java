package io.ratatoskr.router;

import io.ratatoskr.router.Emission.Sink;
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
 * What is connected to what; each lane is a whole of its own.
 *
 * <pre>
 *   requests of all domains and capabilities ──► {@link Admission} ──┐
 *   results ───────────────────────────────────► {@link Settlement} ─┼──► replies, work, dead letters
 *   time ──────────────────────────────────────► {@link Alarms} ─────┘
 *                                flights, answers
 * </pre>
 */
final class RouterTopology {
  private RouterTopology() {}

  static Topology of(Services services) {
    Topology topology = new Topology();
    for (Lane lane : Lane.values()) {
      addLane(topology, lane, services);
    }
    return topology;
  }

  private static void addLane(Topology topology, Lane lane, Services services) {
    Map<String, RequestTopic> requests = requestTopics(lane, services.config());
    String admission = lane.topicName() + "-admission";
    String settlement = lane.topicName() + "-settlement";
    String alarms = lane.topicName() + "-alarms";
    topology
        .addSource(requestSource(lane), bytes(), bytes(), sorted(requests))
        .addSource(resultSource(lane), bytes(), bytes(), Topics.results(lane))
        .addProcessor(admission, () -> new Admission(lane, requests, services), requestSource(lane))
        .addProcessor(settlement, () -> new Settlement(lane, services), resultSource(lane))
        .addProcessor(alarms, () -> new Alarms(lane, services), settlement)
        .addStateStore(flightStore(lane, services.config()), admission, settlement, alarms)
        .addStateStore(taskStore(lane), admission, settlement, alarms);
    if (caches(lane, services.config())) {
      topology.addStateStore(answerStore(lane, services.config()), admission, settlement, alarms);
    }
    for (Sink sink : Sink.values()) {
      topology.addSink(
          sink.node(lane),
          new Emission.Destination(),
          new ByteArraySerializer(),
          new Emission.ValueSerializer(),
          new Emission.Partitioner(),
          admission,
          settlement,
          alarms);
    }
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

  static String flights(Lane lane) {
    return "flights-" + lane.topicName();
  }

  static String answers(Lane lane) {
    return "answers-" + lane.topicName();
  }

  static String task(Lane lane) {
    return "task-" + lane.topicName();
  }

  /** Whether a lane has an answer cache; nothing of the bulk lane is stored. */
  static boolean caches(Lane lane, RouterConfig config) {
    return lane == Lane.INTERACTIVE && config.cache().enabled();
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> flightStore(
      Lane lane, RouterConfig config) {
    return Stores.keyValueStoreBuilder(
            supplier(flights(lane), config), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(StreamsSettings.changelogTopic());
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> answerStore(
      Lane lane, RouterConfig config) {
    return Stores.keyValueStoreBuilder(
            supplier(answers(lane), config), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingDisabled();
  }

  private static KeyValueBytesStoreSupplier supplier(String name, RouterConfig config) {
    return config.streams().inMemory()
        ? Stores.inMemoryKeyValueStore(name)
        : Stores.persistentKeyValueStore(name);
  }

  private static StoreBuilder<TaskState> taskStore(Lane lane) {
    return new TaskStateBuilder(task(lane));
  }

  private static ByteArrayDeserializer bytes() {
    return new ByteArrayDeserializer();
  }

  private static String[] sorted(Map<String, RequestTopic> topics) {
    return topics.keySet().stream().sorted().toArray(String[]::new);
  }

  private static String requestSource(Lane lane) {
    return lane.topicName() + "-requests";
  }

  private static String resultSource(Lane lane) {
    return lane.topicName() + "-results";
  }

  private record TaskStateBuilder(String name) implements StoreBuilder<TaskState> {
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
      return new TaskState(name);
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
