package io.ratatoskr.worker;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicAccess;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks and sets on the broker what has to be in order before a worker joins its groups. */
final class Groups {
  private static final Logger LOG = LoggerFactory.getLogger(Groups.class);
  private static final String SHARE_FEATURE = "share.version";
  private static final ConfigEntry START = new ConfigEntry("share.auto.offset.reset", "earliest");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Admin admin;
  private final WorkerConfig config;
  private final Duration patience;

  Groups(Admin admin, WorkerConfig config, Duration patience) {
    this.admin = admin;
    this.config = config;
    this.patience = patience;
  }

  /**
   * Whether work is taken through a share group: as configured, else as the engine wants it and the
   * broker allows.
   */
  boolean shared(boolean claims) throws InterruptedException {
    return switch (config.queue()) {
      case SHARED -> true;
      case CLAIMED -> false;
      case AUTO -> {
        if (claims) {
          yield false;
        }
        boolean supported = supported();
        if (!supported) {
          LOG.info(
              "The broker has no share groups ({} is not enabled), so pool {} takes work through a"
                  + " consumer group and claims each record",
              SHARE_FEATURE,
              config.pool());
        }
        yield supported;
      }
    };
  }

  private boolean supported() throws InterruptedException {
    try {
      FinalizedVersionRange range =
          get(admin.describeFeatures().featureMetadata()).finalizedFeatures().get(SHARE_FEATURE);
      return range != null && range.maxVersionLevel() > 0;
    } catch (ExecutionException e) {
      throw new WorkerStartException("The broker does not tell its features", e);
    }
  }

  /**
   * Checks that the topics are there and that they may be used as a worker must, since waiting for
   * one would look like an idle worker.
   *
   * @param streams whether pieces of answers go to the topics of replies, of each domain that the
   *     cluster shows
   * @throws WorkerStartException naming those that are missing or forbidden
   */
  void requireTopics(boolean streams) throws InterruptedException {
    Map<String, Set<AclOperation>> wanted = new HashMap<>();
    wanted.put(Topics.catalog(), Set.of(AclOperation.WRITE));
    wanted.put(Topics.deadLetters(), Set.of(AclOperation.WRITE));
    wanted.put(Topics.aborts(), Set.of(AclOperation.READ));
    for (Lane lane : config.lanes()) {
      wanted.put(Topics.work(lane, config.pool()), Set.of(AclOperation.READ));
      wanted.put(Topics.results(lane), Set.of(AclOperation.WRITE));
    }
    TopicAccess.Findings found;
    try {
      if (streams) {
        replies().forEach(topic -> wanted.put(topic, Set.of(AclOperation.WRITE)));
      }
      found = new TopicAccess(admin, patience).look(wanted);
    } catch (ExecutionException e) {
      throw new WorkerStartException("The worker's topics cannot be looked up", e);
    } catch (TimeoutException e) {
      throw silent(e);
    }
    if (!found.missing().isEmpty()) {
      throw new WorkerStartException(
          "Topics are missing: "
              + String.join(", ", found.missing())
              + "; create them with `ratatoskr topics create`");
    }
    if (!found.refusals().isEmpty()) {
      throw new WorkerStartException("The worker needs more rights: " + found.refused());
    }
  }

  private List<String> replies() throws InterruptedException, ExecutionException {
    return get(admin.listTopics().names()).stream()
        .filter(topic -> config.lanes().stream().anyMatch(lane -> Topics.isReplies(topic, lane)))
        .toList();
  }

  /**
   * The queues of the pool whose topics are there, of each lane that is served; those that may not
   * be read are passed over.
   */
  Map<Lane, Set<String>> queues() throws InterruptedException {
    Map<Lane, Set<String>> queues = new EnumMap<>(Lane.class);
    try {
      Set<String> topics = get(admin.listTopics().names());
      for (Lane lane : config.lanes()) {
        Set<String> own = new TreeSet<>();
        topics.forEach(topic -> Topics.queue(topic, lane, config.pool()).ifPresent(own::add));
        queues.put(lane, own);
      }
      Map<String, Set<AclOperation>> wanted = new HashMap<>();
      queues.forEach((lane, own) ->
          own.forEach(queue ->
              wanted.put(Topics.work(lane, config.pool(), queue), Set.of(AclOperation.READ))));
      if (!wanted.isEmpty()) {
        TopicAccess.Findings found = new TopicAccess(admin, patience).look(wanted);
        if (!found.refusals().isEmpty()) {
          LOG.warn("Queues are not taken from: {}", found.refused());
        }
        Set<String> useless = new HashSet<>(found.missing());
        found.refusals().forEach(refusal -> useless.add(refusal.topic()));
        queues.forEach((lane, own) ->
            own.removeIf(queue -> useless.contains(Topics.work(lane, config.pool(), queue))));
      }
    } catch (ExecutionException e) {
      throw new WorkerStartException("The topics of queues cannot be looked up", e);
    } catch (TimeoutException e) {
      throw silent(e);
    }
    return queues;
  }

  /**
   * Sets lock, limits and starting point on the share groups. Must happen before their first member
   * joins: the starting point counts when a group first sees a partition, and the broker's default
   * would skip what is there already.
   *
   * @param queues of each lane
   */
  void configureShares(ClientProperties clients, Map<Lane, Set<String>> queues)
      throws InterruptedException {
    List<String> names = new ArrayList<>();
    queues.forEach((lane, own) -> own.forEach(queue -> names.add(clients.shareGroup(lane, queue))));
    Map<String, String> wanted =
        Map.of(
            START.name(),
            START.value(),
            "share.record.lock.duration.ms",
            Long.toString(config.lock().toMillis()),
            "share.partition.max.record.locks",
            Integer.toString(config.locks()),
            "share.delivery.count.limit",
            Integer.toString(config.deliveryLimit()));
    for (String name : names) {
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
      List<AlterConfigOp> changes = new ArrayList<>();
      wanted.forEach((key, value) ->
          changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
      try {
        get(admin.incrementalAlterConfigs(Map.of(group, changes)).all());
      } catch (ExecutionException e) {
        throw new WorkerStartException(
            "The broker refuses the settings %s of share group %s; allow them there"
                    .formatted(wanted, group.name())
                + " (group.share.*), change workers.lock, workers.locks or workers.delivery-limit,"
                + " or set workers.queue to claimed",
            e);
      }
    }
    for (String name : names) {
      awaitStart(name);
    }
  }

  /** The broker answers a change before it knows of it. */
  private void awaitStart(String group) throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    long end = System.nanoTime() + patience.toNanos();
    while (!START.value().equals(shown(resource))) {
      if (System.nanoTime() - end > 0) {
        throw new WorkerStartException(
            "The broker accepts %s=%s of share group %s"
                    .formatted(START.name(), START.value(), group)
                + " and does not show it; start again, or set workers.queue to claimed");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private @Nullable String shown(ConfigResource group) throws InterruptedException {
    try {
      Config shown = get(admin.describeConfigs(List.of(group)).all()).get(group);
      ConfigEntry start = shown == null ? null : shown.get(START.name());
      return start == null ? null : start.value();
    } catch (ExecutionException e) {
      throw new WorkerStartException(
          "The broker does not show the settings of share group %s".formatted(group.name())
              + "; allow DescribeConfigs on it, or set workers.queue to claimed",
          e);
    }
  }

  private <V> V get(KafkaFuture<V> future) throws InterruptedException, ExecutionException {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw silent(e);
    }
  }

  private WorkerStartException silent(TimeoutException e) {
    return new WorkerStartException(
        "Kafka at %s does not answer; is it running, and is bootstrap right?"
            .formatted(config.bootstrapServers()),
        e);
  }
}
