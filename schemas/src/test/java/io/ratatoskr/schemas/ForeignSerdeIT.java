package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Beside Apicurio's serde, which has the format from others: each reads what the other writes, with
 * nothing between them but the registry. Its classes are on the class path with {@code
 * -Dregistry=apicurio} only, and named as a Kafka client's configuration names them.
 */
@EnabledIfSystemProperty(named = "registry", matches = "apicurio")
class ForeignSerdeIT {
  private static final EmbedRequest REQUEST =
      new EmbedRequest(
          InputType.QUERY, Truncation.ERROR, 0, List.of(new Item(new Text("Schiff, 船"))));

  private static ApicurioRegistry server;

  @BeforeAll
  static void start() {
    server = ApicurioRegistry.launch();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, ?> ours() {
    return Map.of(SchemaRegistry.KEY, server.url());
  }

  private static Map<String, ?> theirs() {
    return Map.of(
        "apicurio.registry.url",
        server.ownUrl(),
        "apicurio.registry.auto-register",
        true,
        "apicurio.registry.use-specific-avro-reader",
        true);
  }

  @Test
  @SuppressWarnings("unchecked") // the class is known by its name only
  void theirs_readsOurs() throws ClassNotFoundException {
    Headers headers = new RecordHeaders();
    byte[] bytes;
    try (AvroSerializer<EmbedRequest> serializer = new AvroSerializer<>()) {
      serializer.configure(ours(), false);
      bytes = serializer.serialize("t", headers, REQUEST);
    }
    try (Deserializer<Object> deserializer =
        Utils.newInstance(
            "io.apicurio.registry.serde.avro.AvroKafkaDeserializer", Deserializer.class)) {
      deserializer.configure(theirs(), false);

      assertThat(deserializer.deserialize("t", headers, bytes)).isEqualTo(REQUEST);
    }
  }

  @Test
  @SuppressWarnings("unchecked") // the class is known by its name only
  void ours_readsTheirs() throws ClassNotFoundException {
    Headers headers = new RecordHeaders();
    byte[] bytes;
    try (Serializer<Object> serializer =
        Utils.newInstance(
            "io.apicurio.registry.serde.avro.AvroKafkaSerializer", Serializer.class)) {
      serializer.configure(theirs(), false);
      bytes = serializer.serialize("t", headers, REQUEST);
    }
    try (AvroDeserializer<EmbedRequest> deserializer = new AvroDeserializer<>()) {
      deserializer.configure(ours(), false);

      assertThat(deserializer.deserialize("t", headers, bytes)).isEqualTo(REQUEST);
    }
  }
}
