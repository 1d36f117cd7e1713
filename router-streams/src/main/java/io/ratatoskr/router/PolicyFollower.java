package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic of policies on a thread of its own, and applies the latest. One that cannot be
 * read changes nothing.
 */
final class PolicyFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFollower.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Map<String, Object> kafka;
  private final LivePolicy live;
  private final Thread thread;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
  private volatile boolean closed;

  /**
   * @param kafka properties of its consumer, {@code bootstrap.servers} and {@code client.id} among
   *     them
   */
  PolicyFollower(Map<String, ?> kafka, LivePolicy live) {
    this.kafka = new HashMap<>(kafka);
    this.kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.live = live;
    this.thread = new Thread(this::run, "policy");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits until the latest policy is applied, if there is one; false if it takes longer. */
  boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
        reading = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (!closed) {
          LOG.warn("Cannot read {}; trying again", Topics.policy(), e);
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    TopicPartition partition = new TopicPartition(Topics.policy(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    ConsumerRecord<byte[], byte[]> latest = null;
    while (!closed) {
      boolean old = consumer.position(partition) < end;
      if (!old) {
        if (latest != null) {
          apply(latest);
          latest = null;
        }
        caughtUp.countDown();
      }
      for (ConsumerRecord<byte[], byte[]> policy : consumer.poll(POLL)) {
        latest = policy;
      }
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

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
