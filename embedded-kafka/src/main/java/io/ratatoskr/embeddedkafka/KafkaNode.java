package io.ratatoskr.embeddedkafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.apache.kafka.server.quota.ControllerMutationQuota;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Kafka's broker and controller, wired as {@code KafkaRaftServer} wires them, but with listen
 * sockets and fault handling from outside, which it does not let one choose.
 */
final class KafkaNode {
  private static final Duration CONTROLLED_SHUTDOWN = Duration.ofSeconds(5);

  private static final Set<String> COORDINATOR_TOPICS =
      Set.of(Topic.GROUP_METADATA_TOPIC_NAME, Topic.SHARE_GROUP_STATE_TOPIC_NAME);

  private final String clusterId;
  private final ControllerServer controller;
  private final BrokerServer broker;

  /**
   * @param onFault told of faults after which Kafka would end its process
   */
  KafkaNode(
      Map<String, String> properties,
      ListenSockets sockets,
      BiConsumer<String, Throwable> onFault) {
    Properties kafkaProperties = new Properties();
    kafkaProperties.putAll(properties);
    KafkaConfig config = KafkaConfig.fromProps(kafkaProperties, false);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
        KafkaRaftServer.initializeLogDirs(config, EmbeddedKafka.LOG, "");
    clusterId = stored._1().clusterId().orElseThrow();
    Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
    SharedServer shared =
        new SharedServer(
            config,
            stored._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(
                Map.of(BrokerProperties.NODE_ID, sockets.controllerAddress())),
            List.of(),
            (name, fatal, action) -> faultHandler(name, fatal, action, onFault),
            sockets);
    broker = new BrokerServer(shared);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
  }

  private static FaultHandler faultHandler(
      String name, boolean fatal, Runnable action, BiConsumer<String, Throwable> onFault) {
    FaultHandler log = new LoggingFaultHandler(name, action);
    if (!fatal) {
      return log;
    }
    return (message, cause) -> {
      RuntimeException fault = log.handleFault(message, cause);
      onFault.accept(name + ": " + message, fault);
      return fault;
    };
  }

  String clusterId() {
    return clusterId;
  }

  /** The controller first: the broker registers with it. */
  void start() {
    controller.startup();
    broker.startup();
    createCoordinatorTopics();
  }

  /**
   * Has the topics of the coordinators made, as the broker does when the first group asks for one.
   * A group that comes first finds no coordinator and asks again after pauses: a share group has
   * its first partitions two seconds late.
   */
  private void createCoordinatorTopics() {
    Set<String> missing = new HashSet<>(COORDINATOR_TOPICS);
    missing.removeIf(topic -> broker.metadataCache().contains(topic));
    if (!missing.isEmpty()) {
      broker
          .autoTopicCreationManager()
          .createTopics(
              CollectionConverters.asScala(missing),
              ControllerMutationQuota.UNBOUNDED_CONTROLLER_MUTATION_QUOTA,
              Option.empty());
    }
  }

  /** The broker first: it signs off at the controller. */
  void stop() {
    broker.shutdown(CONTROLLED_SHUTDOWN);
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }
}
