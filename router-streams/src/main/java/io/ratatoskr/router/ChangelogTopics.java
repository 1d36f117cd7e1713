package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the changelog topics before Streams would, and waits until the brokers know them. Streams
 * asks for their offsets right after it has created them, and repeats that without a pause, logging
 * an error each time, for as long as a broker does not know them yet.
 */
final class ChangelogTopics {
  private static final Logger LOG = LoggerFactory.getLogger(ChangelogTopics.class);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration BROKERS_PAUSE = Duration.ofMillis(250);

  private final Admin admin;
  private final RouterConfig config;
  private final TopicDirectory directory;

  ChangelogTopics(Admin admin, RouterConfig config, TopicDirectory directory) {
    this.admin = admin;
    this.config = config;
    this.directory = directory;
  }

  /** The changelog of a lane's flights. */
  static String of(Lane lane, RouterConfig config) {
    return config.application(lane) + "-" + RouterTopology.FLIGHTS + "-changelog";
  }

  /**
   * Looks for changelogs from when one application served both lanes. What their flights still owe
   * would be lost, and every request that Kafka keeps would be inferred again.
   *
   * @throws RouterException.OldLayout naming those that there are
   */
  void refuseOldLayout() {
    List<String> old = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      String name =
          "%s-%s-%s-changelog"
              .formatted(
                  config.streams().applicationId(), RouterTopology.FLIGHTS, lane.topicName());
      if (directory.partitions(name) > 0) {
        old.add(name);
      }
    }
    if (!old.isEmpty()) {
      throw new RouterException.OldLayout(old);
    }
  }

  /**
   * Returns when they can be used; does nothing where they exist.
   *
   * @param timeout for each question to the cluster, and until the topics have leaders
   * @param brokersAway how long is tried again where fewer brokers are there than copies are wanted
   */
  void create(Duration timeout, Duration brokersAway)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<String> names = new ArrayList<>();
    List<NewTopic> topics = new ArrayList<>();
    Map<String, String> settings = new HashMap<>(StreamsSettings.changelogTopic());
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    for (Lane lane : config.lanes()) {
      String name = of(lane, config);
      if (directory.partitions(name) > 0) {
        continue;
      }
      int partitions = directory.partitions(Topics.results(lane));
      names.add(name);
      topics.add(
          new NewTopic(name, partitions, config.deployment().replicationFactor())
              .configs(settings));
    }
    if (names.isEmpty()) {
      return;
    }
    createWhenBrokersAreThere(topics, timeout, System.nanoTime() + brokersAway.toNanos());
    long end = System.nanoTime() + timeout.toNanos();
    while (!known(names, timeout)) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("no leaders for " + names);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    }
  }

  private void createWhenBrokersAreThere(List<NewTopic> topics, Duration timeout, long end)
      throws ExecutionException, InterruptedException, TimeoutException {
    boolean told = false;
    while (true) {
      try {
        admin.createTopics(topics).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TopicExistsException) {
          return;
        }
        if (!(e.getCause() instanceof InvalidReplicationFactorException)
            || System.nanoTime() > end) {
          throw e;
        }
        if (!told) {
          LOG.warn(
              "The router's changelogs cannot be created yet, trying again: {}",
              e.getCause().getMessage());
          told = true;
        }
      }
      TimeUnit.MILLISECONDS.sleep(BROKERS_PAUSE.toMillis());
    }
  }

  private boolean known(List<String> names, Duration timeout)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      Map<String, TopicDescription> described =
          admin
              .describeTopics(names)
              .allTopicNames()
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return described.values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }
}
