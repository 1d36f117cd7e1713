package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Records of one type as bytes in the Confluent wire format: a zero byte, the four-byte schema id,
 * the Avro binary encoding. Thread-safe.
 *
 * @param <T> the generated record class
 */
public final class Codec<T extends SpecificRecord> {
  /** Header that holds the Avro CRC-64 fingerprint of the writer's schema, 16 hex digits. */
  public static final String SCHEMA_HEADER = "schema";

  static {
    TrustedClasses.declare();
  }

  private static final byte MAGIC = 0;
  private static final int SPARE_BYTES = 64;
  private static final int MOST_GUESSED_BYTES = 16 * 1024;
  private static final int PREFIX_BYTES = 1 + Integer.BYTES;

  /** Records are written by the code that was generated with them, where there is such code. */
  private static final SpecificData DATA = new SpecificData(Codec.class.getClassLoader());

  static {
    DATA.setCustomCoders(true);
  }

  private final Class<T> type;
  private final Schema schema;
  private final SchemaIds ids;
  private final byte[] prefix;
  private final byte[] schemaHeader;
  private final SpecificDatumWriter<T> writer;
  private final Map<Integer, WriterSchema<T>> writers = new ConcurrentHashMap<>();

  /**
   * The size of the record before is the best guess of the next one's; a wrong one costs a copy.
   */
  private volatile int guessedBytes = 512;

  private record WriterSchema<T>(SpecificDatumReader<T> reader, String headerValue) {}

  private Codec(Class<T> type, SchemaIds ids) {
    this.type = type;
    this.schema = SpecificData.get().getSchema(type);
    this.ids = ids;
    this.prefix = ByteBuffer.allocate(PREFIX_BYTES).put(MAGIC).putInt(ids.idOf(schema)).array();
    this.schemaHeader = headerValue(schema).getBytes(UTF_8);
    this.writer = new SpecificDatumWriter<>(schema, DATA);
  }

  /** The codec of a record type, with ids from {@code ids}. */
  public static <T extends SpecificRecord> Codec<T> of(Class<T> type, SchemaIds ids) {
    return new Codec<>(type, ids);
  }

  /** The record's bytes. */
  public byte[] encode(T record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(guessedBytes);
    out.writeBytes(prefix);
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writer.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    byte[] bytes = out.toByteArray();
    guessedBytes = Math.min(bytes.length + SPARE_BYTES, MOST_GUESSED_BYTES);
    return bytes;
  }

  /** Puts the header that lets readers check the schema before they decode. */
  public void describe(Headers headers) {
    headers.remove(SCHEMA_HEADER).add(SCHEMA_HEADER, schemaHeader);
  }

  /**
   * Reads a record whose headers are at hand.
   *
   * @throws UndecodableRecordException if the bytes are none of this type's, or the {@code schema}
   *     header names another schema than the id
   */
  public T decode(byte[] bytes, Headers headers) {
    return decode(bytes, named(headers));
  }

  /** The value of the {@code schema} header, if there is one. */
  public static @Nullable String named(Headers headers) {
    Header header = headers.lastHeader(SCHEMA_HEADER);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /**
   * Reads a record that travelled beside its {@code schema} header.
   *
   * @param named the header's value; null where there was none
   * @throws UndecodableRecordException if the bytes are none of this type's, or the header names
   *     another schema than the id
   */
  public T decode(byte[] bytes, @Nullable String named) {
    if (named != null && bytes.length >= PREFIX_BYTES) {
      String expected = writerOf(bytes).headerValue();
      if (!named.equals(expected)) {
        throw new UndecodableRecordException(
            "header "
                + SCHEMA_HEADER
                + " says "
                + named
                + ", the schema id stands for "
                + expected);
      }
    }
    return decode(bytes);
  }

  /**
   * Reads a record.
   *
   * @throws UndecodableRecordException if the bytes are none of this type's
   */
  public T decode(byte[] bytes) {
    SpecificDatumReader<T> reader = writerOf(bytes).reader();
    try {
      BinaryDecoder decoder =
          DecoderFactory.get()
              .binaryDecoder(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES, null);
      T record = type.cast(reader.read(null, decoder));
      if (!decoder.isEnd()) {
        throw new UndecodableRecordException("bytes are left behind the " + schema.getName());
      }
      return record;
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | UnsupportedOperationException
        | ClassCastException e) {
      throw new UndecodableRecordException(
          "the bytes end early or are no " + schema.getName() + " (" + e + ")", e);
    }
  }

  /** Reads a record from a buffer; its position stays. */
  public T decode(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return decode(bytes);
  }

  private WriterSchema<T> writerOf(byte[] bytes) {
    int writerId = writerId(bytes);
    WriterSchema<T> known = writers.get(writerId);
    if (known != null) {
      return known;
    }
    Schema written = writer(bytes, ids);
    if (!written.getFullName().equals(schema.getFullName())) {
      throw new UndecodableRecordException(
          "this is a " + written.getName() + ", expected is a " + schema.getName());
    }
    WriterSchema<T> resolved =
        new WriterSchema<>(new SpecificDatumReader<>(written, schema), headerValue(written));
    writers.put(writerId, resolved);
    return resolved;
  }

  /**
   * The schema that a record was written with.
   *
   * @throws UndecodableRecordException if the bytes name none that is known
   */
  static Schema writer(byte[] bytes, SchemaIds ids) {
    int writerId = writerId(bytes);
    return ids.schemaOf(writerId)
        .orElseThrow(() ->
            new UndecodableRecordException(
                "schema id %08x is unknown; is the sender newer than this process, or does"
                        .formatted(writerId)
                    + " it use a registry that this process does not?"));
  }

  private static int writerId(byte[] bytes) {
    if (bytes.length < PREFIX_BYTES || bytes[0] != MAGIC) {
      throw new UndecodableRecordException(
          "a record starts with a zero byte and a four-byte schema id; these "
              + bytes.length
              + " bytes do not");
    }
    return ByteBuffer.wrap(bytes).getInt(1);
  }

  private static String headerValue(Schema schema) {
    return "%016x".formatted(SchemaNormalization.parsingFingerprint64(schema));
  }
}
