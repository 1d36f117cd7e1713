package io.ratatoskr.schemas;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link AvroSerializer} writes. The class of the records follows from their schema.
 * Bytes that are no record of a known type raise an {@link UndecodableRecordException}.
 *
 * @param <T> the record class, or SpecificRecord for any; not checked
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  private final Map<Class<?>, Codec<?>> codecs = new ConcurrentHashMap<>();
  private SchemaIds ids = SchemaIds.derived();

  /** Reads records of any type whose ids are those. */
  public static AvroDeserializer<SpecificRecord> of(SchemaIds ids) {
    AvroDeserializer<SpecificRecord> deserializer = new AvroDeserializer<>();
    deserializer.ids = ids;
    return deserializer;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = SchemaIds.of(SchemaRegistry.of(configs));
    codecs.clear();
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] data) {
    return deserialize(topic, new RecordHeaders(), data);
  }

  @Override
  @SuppressWarnings("unchecked") // the caller names the type that the topic holds
  public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] data) {
    if (data == null) {
      return null;
    }
    Class<? extends SpecificRecord> type = KnownSchemas.classOf(Codec.writer(data, ids));
    return (T) codecs.computeIfAbsent(type, t -> Codec.of(type, ids)).decode(data, headers);
  }
}
