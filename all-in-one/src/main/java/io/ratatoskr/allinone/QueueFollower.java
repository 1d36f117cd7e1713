package io.ratatoskr.allinone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.catalog.FollowedTopic;
import io.ratatoskr.policy.OwnQueues;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the workers of this process take from the queues that the policy gives their pools: those of
 * the configuration until a policy is applied. Routers send nothing to a queue before a worker says
 * that it takes from it, so it does not matter who hears of a policy first.
 */
final class QueueFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueFollower.class);
  private static final long WHENEVER_MS = Long.MAX_VALUE;
  private static final long LOOK_AGAIN_MS = 1_000;

  private final OwnQueues configured;
  private final Map<String, Worker> workers;
  private final FollowedTopic topic;

  private QueueFollower(OwnQueues configured, Map<String, Worker> workers, WorkerConfig config) {
    this.configured = configured;
    this.workers = Map.copyOf(workers);
    Map<String, Object> kafka = new HashMap<>();
    kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    kafka.put(CommonClientConfigs.CLIENT_ID_CONFIG, "ratatoskr-workers-policy");
    this.topic = new FollowedTopic(Topics.policy(), config.kafka().over(kafka), new Following());
  }

  /**
   * Begins to follow.
   *
   * @param configured the queues where no policy is applied
   * @param workers of this process, by the pool whose work they take
   * @param config says where Kafka is
   */
  static QueueFollower start(
      OwnQueues configured, Map<String, Worker> workers, WorkerConfig config) {
    QueueFollower follower = new QueueFollower(configured, workers, config);
    follower.topic.start();
    return follower;
  }

  private final class Following implements FollowedTopic.Reader {
    private @Nullable ConsumerRecord<byte[], byte[]> latest;
    private OwnQueues wanted = configured;
    private boolean done;

    @Override
    public void begin() {}

    @Override
    public void read(ConsumerRecord<byte[], byte[]> policy, boolean old) {
      latest = policy;
    }

    @Override
    public void caughtUp() {}

    @Override
    public long looked() {
      if (latest != null) {
        wanted = queues(latest, wanted);
        latest = null;
        done = false;
      }
      if (!done) {
        done = haveAllTake();
      }
      return done ? WHENEVER_MS : LOOK_AGAIN_MS;
    }

    private boolean haveAllTake() {
      boolean all = true;
      try {
        for (Map.Entry<String, Worker> worker : workers.entrySet()) {
          all &= worker.getValue().takeFrom(wanted.weights(worker.getKey()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return all;
    }
  }

  private OwnQueues queues(ConsumerRecord<byte[], byte[]> policy, OwnQueues before) {
    if (policy.value() == null) {
      return configured;
    }
    try {
      String text = new String(policy.value(), UTF_8);
      return PolicyFile.parse(Topics.policy(), text).config().queues();
    } catch (InvalidSettingsException | InvalidSettingException e) {
      LOG.warn(
          "The policy at offset {} of {} changes no queues: {}",
          policy.offset(),
          Topics.policy(),
          e.getMessage());
      return before;
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
