package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.Timings;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {
  private static final Reply REPLY =
      new Reply(
          new ErrorRecord("Expired", "late", false, null, Map.of()),
          Provenance.newBuilder().build(),
          new Timings(1L, 2L));

  @Test
  void serde_withoutRegistry_writesWhatTheCodecWrites() {
    try (AvroSerde<SpecificRecord> serde = new AvroSerde<>()) {
      serde.configure(Map.of(), false);
      Headers headers = new RecordHeaders();

      byte[] bytes = serde.serializer().serialize("t", headers, REPLY);

      assertThat(bytes).isEqualTo(Codec.of(Reply.class, SchemaIds.derived()).encode(REPLY));
      assertThat(headers.lastHeader(Codec.SCHEMA_HEADER)).isNotNull();
      assertThat(serde.deserializer().deserialize("t", headers, bytes)).isEqualTo(REPLY);
      assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(REPLY);
    }
  }

  @Test
  void serde_null_staysNull() {
    try (AvroSerde<Reply> serde = new AvroSerde<>()) {
      assertThat(serde.serializer().serialize("t", new RecordHeaders(), null)).isNull();
      assertThat(serde.deserializer().deserialize("t", new RecordHeaders(), (byte[]) null))
          .isNull();
    }
  }

  @Test
  void deserialize_noRecord_isUndecodable() {
    try (AvroSerde<Reply> serde = new AvroSerde<>()) {
      assertThatThrownBy(() -> serde.deserializer().deserialize("t", "text".getBytes(UTF_8)))
          .isInstanceOf(UndecodableRecordException.class);
    }
  }

  @Test
  void kafka_makesThemByName() throws ClassNotFoundException {
    Object serializer = Utils.newParameterizedInstance(AvroSerializer.class.getName());

    assertThat(serializer).isInstanceOf(AvroSerializer.class);
  }
}
