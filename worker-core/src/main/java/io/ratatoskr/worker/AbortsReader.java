package io.ratatoskr.worker;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.AbortedFlight;
import io.ratatoskr.schemas.wire.AbortedJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the router has aborted, each process all of it: from the beginning, since work that
 * waits may have been cancelled before this worker started.
 */
final class AbortsReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(AbortsReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LOOKUP = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> newConsumer;
  private final Codec<Abort> codec;
  private final Aborts aborts;
  private final Stop stop;
  private volatile boolean known;

  AbortsReader(
      Supplier<Consumer<byte[], byte[]>> newConsumer,
      Codec<Abort> codec,
      Aborts aborts,
      Stop stop) {
    this.newConsumer = newConsumer;
    this.codec = codec;
    this.aborts = aborts;
    this.stop = stop;
  }

  /** Whether everything has been read that was there at the start, or could not be. */
  boolean known() {
    return known;
  }

  @Override
  public void run() {
    try {
      while (!stop.requested()) {
        try (Consumer<byte[], byte[]> consumer = newConsumer.get()) {
          read(consumer);
        } catch (InterruptException e) {
          throw e;
        } catch (KafkaException e) {
          LOG.warn("What was cancelled cannot be read; trying again", e);
          known = true; // work goes on, some of it in vain
          stop.pause(AFTER_FAILURE);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.info("The reader of aborts was interrupted");
    }
  }

  private void read(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.aborts(), LOOKUP).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LOOKUP);
    while (!stop.requested()) {
      if (!known) {
        known =
            ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), LOOKUP) >= end.getValue());
      }
      consumer.poll(POLL).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      Abort abort = codec.decode(record.value(), record.headers());
      Optional<Lane> lane = Lane.named(abort.getLane());
      if (lane.isPresent()) {
        take(lane.get(), record.key(), abort.getTarget());
      }
    } catch (UndecodableRecordException | SchemaRegistryException | IllegalArgumentException e) {
      LOG.warn("{}@{} is not understood: {}", record.topic(), record.offset(), e.getMessage());
    }
  }

  private void take(Lane lane, byte[] key, Object target) {
    switch (target) {
      case AbortedFlight flight ->
          aborts.flight(lane, Fingerprint.ofKey(key), flight.getGeneration(), flight.getAttempt());
      case AbortedJob job ->
          aborts.job(lane, new Domain(job.getDomain()), new JobEpoch(job.getJob(), job.getEpoch()));
      default -> throw new IllegalArgumentException("no such target: " + target.getClass());
    }
  }
}
