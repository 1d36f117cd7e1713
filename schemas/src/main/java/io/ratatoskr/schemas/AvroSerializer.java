package io.ratatoskr.schemas;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes generated records as {@link Codec} does, for Kafka clients that choose serializers by
 * configuration. With {@value SchemaRegistry#KEY} schema ids come from that registry, without it
 * they are derived.
 *
 * @param <T> the record class, or SpecificRecord for any
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  private final Map<Class<?>, Codec<SpecificRecord>> codecs = new ConcurrentHashMap<>();
  private SchemaIds ids = SchemaIds.derived();

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = SchemaIds.of(SchemaRegistry.of(configs));
    codecs.clear();
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T data) {
    return data == null ? null : codecOf(data).encode(data);
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T data) {
    if (data != null) {
      codecOf(data).describe(headers);
    }
    return serialize(topic, data);
  }

  @SuppressWarnings("unchecked") // a codec is only asked to write records of its class
  private Codec<SpecificRecord> codecOf(T data) {
    return codecs.computeIfAbsent(
        data.getClass(), type -> Codec.of((Class<SpecificRecord>) type, ids));
  }
}
