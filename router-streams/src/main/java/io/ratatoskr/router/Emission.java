package io.ratatoskr.router;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/**
 * A record on its way out: where to, and its value.
 *
 * @param partition the partition; {@link #BY_KEY} leaves it to the key
 */
record Emission(Sink sink, String topic, int partition, Bytes value) {
  static final int BY_KEY = -1;

  /** The nodes through which records leave. */
  enum Sink {
    REPLIES,
    WORK,
    REKEYED,
    ABORTS,
    LOST_CLIENTS,
    DEAD_LETTERS,
    USAGE;

    private final String node = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The node's name in the topology. */
    String node() {
      return node;
    }
  }

  static final class ValueSerializer implements Serializer<Emission> {
    @Override
    public byte[] serialize(String topic, Emission emission) {
      return emission.value().get();
    }

    @Override
    public byte[] serialize(String topic, Headers headers, Emission emission) {
      return emission.value().get();
    }
  }

  static final class Partitioner implements StreamPartitioner<byte[], Emission> {
    @Override
    public Optional<Set<Integer>> partitions(
        String topic, byte[] key, Emission emission, int numPartitions) {
      return emission.partition() == BY_KEY
          ? Optional.empty()
          : Optional.of(Set.of(emission.partition()));
    }
  }

  /** Names the topic of an emission. */
  static final class Destination implements TopicNameExtractor<byte[], Emission> {
    @Override
    public String extract(byte[] key, Emission emission, RecordContext context) {
      return emission.topic();
    }

    @Override
    public String toString() {
      return "as the emission says";
    }
  }
}
