package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.wire.AlarmState;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static final Codec<EmbedRequest> CODEC =
      Codec.of(EmbedRequest.class, SchemaIds.derived());

  private static EmbedRequest request(List<String> texts) {
    return new EmbedRequest(
        InputType.QUERY,
        Truncation.TRUNCATE,
        0,
        texts.stream().map(text -> new Item(new Text(text))).toList());
  }

  @Property
  void decode_whatWasEncoded_isEqual(@ForAll @Size(max = 5) List<String> texts) {
    EmbedRequest request =
        request(texts.stream().map(text -> new String(text.getBytes(UTF_8), UTF_8)).toList());
    Headers headers = new RecordHeaders();
    CODEC.describe(headers);

    byte[] bytes = CODEC.encode(request);

    assertThat(CODEC.decode(bytes)).isEqualTo(request);
    assertThat(CODEC.decode(bytes, headers)).isEqualTo(request);
    assertThat(CODEC.decode(ByteBuffer.wrap(bytes))).isEqualTo(request);
    assertThat(CODEC.encode(request)).isEqualTo(bytes);
  }

  @Test
  void encode_startsWithZeroAndTheSchemasId() {
    ByteBuffer bytes = ByteBuffer.wrap(CODEC.encode(request(List.of("a"))));

    assertThat(bytes.get()).isZero();
    assertThat(bytes.getInt()).isEqualTo(SchemaIds.derived().idOf(EmbedRequest.getClassSchema()));
  }

  @Property
  void decode_cutAnywhere_isUndecodable(@ForAll @IntRange(max = 1000) int at) {
    byte[] bytes = CODEC.encode(request(List.of("one", "two")));
    byte[] cut = Arrays.copyOf(bytes, at % bytes.length);

    assertThatThrownBy(() -> CODEC.decode(cut)).isInstanceOf(UndecodableRecordException.class);
  }

  @Property
  void decode_anyByteChanged_givesARecordOrIsUndecodable(
      @ForAll @IntRange(max = 1000) int at, @ForAll byte changed) {
    byte[] bytes = CODEC.encode(request(List.of("one", "two")));
    bytes[at % bytes.length] = changed;

    try {
      assertThat(CODEC.decode(bytes)).isNotNull();
    } catch (UndecodableRecordException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotEndWith("null");
    }
  }

  @Test
  void decode_bytesBehind_isUndecodable() {
    byte[] bytes = CODEC.encode(request(List.of("a")));

    assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("bytes are left");
  }

  @Test
  void decode_noMagicByte_isUndecodable() {
    assertThatThrownBy(() -> CODEC.decode("{\"json\": true}".getBytes(UTF_8)))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("zero byte");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
  void decode_unknownId_saysSo(int id) {
    byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(id).array();

    assertThatThrownBy(() -> CODEC.decode(bytes))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("%08x is unknown".formatted(id));
  }

  @Test
  void decode_anotherType_namesBoth() {
    Codec<AlarmState> alarms = Codec.of(AlarmState.class, SchemaIds.derived());
    byte[] bytes = CODEC.encode(request(List.of("a")));

    assertThatThrownBy(() -> alarms.decode(bytes))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("EmbedRequest")
        .hasMessageContaining("AlarmState");
  }

  @Test
  void decode_headerOfAnotherSchema_isUndecodable() {
    Headers headers = new RecordHeaders();
    Codec.of(Reply.class, SchemaIds.derived()).describe(headers);
    byte[] bytes = CODEC.encode(request(List.of("a")));

    assertThatThrownBy(() -> CODEC.decode(bytes, headers))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("header schema");
  }

  @Test
  void describe_isTheAvroFingerprint() {
    Headers headers = new RecordHeaders();
    CODEC.describe(headers);

    assertThat(new String(headers.lastHeader("schema").value(), UTF_8))
        .isEqualTo(
            "%016x"
                .formatted(
                    SchemaNormalization.parsingFingerprint64(EmbedRequest.getClassSchema())));
  }

  /** An id from elsewhere, of an older schema without the two optional fields. */
  @Test
  void decode_olderWriter_takesDefaults() throws Exception {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "EmbedRequest",
                 "namespace": "io.ratatoskr.schemas.wire",
                 "fields": [{"name": "items", "type": {"type": "array", "items": "null"}}]}
                """);
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(77).array());
    var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeArrayStart();
    encoder.setItemCount(0);
    encoder.writeArrayEnd();
    Codec<EmbedRequest> codec = Codec.of(EmbedRequest.class, new OneMore(77, older));

    assertThat(codec.decode(out.toByteArray()))
        .extracting(EmbedRequest::getInputType, EmbedRequest::getTruncation)
        .containsExactly(InputType.DOCUMENT, Truncation.ERROR);
  }

  private record OneMore(int id, Schema schema) implements SchemaIds {
    @Override
    public int idOf(Schema other) {
      return SchemaIds.derived().idOf(other);
    }

    @Override
    public Optional<Schema> schemaOf(int other) {
      return other == id ? Optional.of(schema) : SchemaIds.derived().schemaOf(other);
    }
  }
}
