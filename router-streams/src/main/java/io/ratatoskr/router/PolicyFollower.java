package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.catalog.FollowedTopic;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic of policies on a thread of its own, and applies the latest. One that cannot be
 * read changes nothing.
 */
final class PolicyFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFollower.class);
  private static final long WHENEVER_MS = Long.MAX_VALUE;

  private final LivePolicy live;
  private final FollowedTopic topic;

  /**
   * A follower that does not follow yet.
   *
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   */
  PolicyFollower(Map<String, ?> kafka, LivePolicy live) {
    this.live = live;
    this.topic = new FollowedTopic(Topics.policy(), kafka, new Following());
  }

  void start() {
    topic.start();
  }

  /** Waits until the latest policy is applied, if there is one; false if it takes longer. */
  boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return topic.awaitCaughtUp(timeout);
  }

  private final class Following implements FollowedTopic.Reader {
    private @Nullable ConsumerRecord<byte[], byte[]> latest;

    @Override
    public void begin() {}

    @Override
    public void read(ConsumerRecord<byte[], byte[]> record, boolean old) {
      latest = record;
    }

    @Override
    public void caughtUp() {}

    @Override
    public long looked() {
      if (latest != null) {
        apply(latest);
        latest = null;
      }
      return WHENEVER_MS;
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> policy) {
    if (policy.value() == null) {
      live.withdraw();
      LOG.info("The policy was withdrawn: that of the configuration holds");
      return;
    }
    try {
      live.apply(PolicyFile.parse(Topics.policy(), new String(policy.value(), UTF_8)));
      LOG.info("Applied the policy at offset {} of {}", policy.offset(), Topics.policy());
    } catch (InvalidSettingsException | InvalidSettingException e) {
      LOG.error(
          "The policy at offset {} of {} is not applied; what held before still does. {}",
          policy.offset(),
          Topics.policy(),
          e.getMessage());
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
