package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.wire.EmbedRequest;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every registry must do for us; on Apicurio's with {@code -Dregistry=apicurio}. */
class SchemaRegistryIT {
  private static final EmbedRequest REQUEST = EmbedRequest.newBuilder().setItems(List.of()).build();

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TestRegistry server;

  @BeforeAll
  static void start() {
    server = TestRegistry.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SchemaIds ids() {
    return new RegistrySchemaIds(SchemaRegistry.of(server.url()), Clock.systemUTC(), PATIENCE);
  }

  @Test
  void ids_areThoseThatAnotherProcessFinds() {
    SchemaIds writer = ids();
    Map<Schema, Integer> written = new HashMap<>();
    KnownSchemas.current().forEach(schema -> written.put(schema, writer.idOf(schema)));

    assertThat(written.values()).doesNotHaveDuplicates();
    SchemaIds reader = ids();
    written.forEach((schema, id) -> {
      assertThat(reader.schemaOf(id)).contains(schema);
      assertThat(ids().idOf(schema)).isEqualTo(id);
    });
    assertThat(reader.schemaOf(999_999)).isEmpty();
  }

  @Test
  void serde_writesTheRegistrysIds() {
    try (AvroSerde<EmbedRequest> serde = new AvroSerde<>()) {
      serde.configure(Map.of(SchemaRegistry.KEY, server.url()), false);

      byte[] bytes = serde.serializer().serialize("t", REQUEST);

      assertThat(ByteBuffer.wrap(bytes).getInt(1))
          .isEqualTo(ids().idOf(EmbedRequest.getClassSchema()));
      assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(REQUEST);
    }
  }

  @Test
  void schemaHeader_isCheckedAgainstTheSchemaThatTheRegistryHas() {
    Headers headers = new RecordHeaders();
    Codec<EmbedRequest> writer = Codec.of(EmbedRequest.class, ids());
    writer.describe(headers);
    byte[] bytes = writer.encode(REQUEST);
    // It asks for the schema by its id, as a process of another release would.
    try (AvroDeserializer<EmbedRequest> reader = new AvroDeserializer<>()) {
      reader.configure(Map.of(SchemaRegistry.KEY, server.url()), false);

      // It waits for a second only, and then asks again ten seconds later.
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .ignoreException(SchemaRegistryException.class)
          .untilAsserted(
              () -> assertThat(reader.deserialize("t", headers, bytes)).isEqualTo(REQUEST));
      headers.remove(Codec.SCHEMA_HEADER);
      headers.add(Codec.SCHEMA_HEADER, "0123456789abcdef".getBytes(UTF_8));
      assertThatThrownBy(() -> reader.deserialize("t", headers, bytes))
          .isInstanceOf(UndecodableRecordException.class)
          .hasMessageContaining("0123456789abcdef");
    }
  }
}
