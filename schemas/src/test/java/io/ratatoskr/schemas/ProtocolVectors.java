package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What docs/clients/protocol.json holds: inputs, and the bytes that this code makes of them. */
final class ProtocolVectors {
  private static final HexFormat HEX = HexFormat.of();
  private static final RequestId ID = RequestId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
  private static final Domain OTHER = new Domain("shop.search");

  private ProtocolVectors() {}

  static String json() {
    return """
    {
      "schemas": [
    %s
      ],
      "requests": [
    %s
      ],
      "cancellations": [
    %s
      ]
    }
    """
        .formatted(
            schemas().map(ProtocolVectors::schema).collect(Collectors.joining(",\n")),
            requests().collect(Collectors.joining(",\n")),
            cancellations().collect(Collectors.joining(",\n")));
  }

  /** Those that a client writes or reads. */
  private static Stream<Schema> schemas() {
    return Stream.concat(
            Stream.of(Reply.class), Arrays.stream(Capability.values()).flatMap(Capability::records))
        .map(type -> SpecificData.get().getSchema(type));
  }

  private static String schema(Schema schema) {
    return """
        {
          "name": %s,
          "id": "%08x",
          "header": "%016x",
          "canonical": %s
        }\
    """
        .formatted(
            quoted(schema.getFullName()),
            DerivedSchemaIds.INSTANCE.idOf(schema),
            SchemaNormalization.parsingFingerprint64(schema),
            quoted(SchemaNormalization.toParsingForm(schema)));
  }

  private static Stream<String> requests() {
    EmbedRequest embed =
        new EmbedRequest(
            InputType.DOCUMENT, Truncation.ERROR, 0, List.of(item("A ship leaves port.")));
    EmbedRequest two =
        new EmbedRequest(
            InputType.QUERY, Truncation.TRUNCATE, 0, List.of(item("naïve café"), item("東京 🐿")));
    NliRequest nli =
        new NliRequest(
            PairTruncation.LONGEST_FIRST,
            null,
            item("The harvest is small."),
            List.of(new NliPair(item("Frost destroyed the blossom."), null)));
    TokenizeRequest tokenize = new TokenizeRequest(false, List.of(item("one two")));
    RequestHead plain = RequestHead.of(ID, "all-minilm-l6-v2");
    return Stream.of(
        request(
            "not shared: the key is of the id",
            Capability.EMBED,
            Domain.DEFAULT,
            Lane.INTERACTIVE,
            plain,
            embed),
        request(
            "shared: the key is of the content",
            Capability.EMBED,
            Domain.DEFAULT,
            Lane.INTERACTIVE,
            cached(plain, "", ""),
            embed),
        request(
            "shared, with every field",
            Capability.EMBED,
            OTHER,
            Lane.INTERACTIVE,
            cached(plain, "team-ä", "remote_allowed"),
            two),
        request(
            "nothing of the bulk lane is shared",
            Capability.EMBED,
            Domain.DEFAULT,
            Lane.BULK,
            cached(plain, "t", ""),
            two),
        request(
            "a shared hypothesis",
            Capability.NLI,
            Domain.DEFAULT,
            Lane.INTERACTIVE,
            cached(RequestHead.of(ID, "nli-minilm-l6"), "", ""),
            nli),
        request(
            "a stream is not shared",
            Capability.TOKENIZE,
            Domain.DEFAULT,
            Lane.INTERACTIVE,
            new RequestHead(ID, "gpt-4o", "", true, "t", DataPolicy.LOCAL_ONLY, CacheMode.ON),
            tokenize),
        request(
            "a preset in place of a model, with hints",
            Capability.TOKENIZE,
            OTHER,
            Lane.INTERACTIVE,
            new RequestHead(
                ID,
                "",
                "ratatoskr:fast/general",
                false,
                "",
                DataPolicy.LOCAL_ONLY,
                CacheMode.READ_ONLY,
                new RoutingHints("nli", "general", "conversation-1")),
            tokenize));
  }

  private static Stream<String> cancellations() {
    Fingerprint key = Fingerprint.ofRequest(Domain.DEFAULT, "", ID);
    return Stream.of(
        cancellation("a request", new Cancellation.OfRequest(ID), quoted(key.toString())),
        cancellation(
            "a job up to its third run",
            new Cancellation.OfJob(new JobEpoch("corpus", 3)),
            "null"));
  }

  private static String cancellation(String what, Cancellation cancellation, String key) {
    RecordHeaders headers = new RecordHeaders();
    cancellation.writeTo(headers);
    return """
        {
          "what": %s,
          "topic": %s,
          "headers": %s,
          "key": %s
        }\
    """
        .formatted(
            quoted(what),
            quoted(Topics.cancellations(Domain.DEFAULT, Lane.INTERACTIVE)),
            object(headers),
            key);
  }

  private static RequestHead cached(RequestHead head, String tenant, String dataPolicy) {
    return new RequestHead(
        head.requestId(),
        head.model(),
        "",
        false,
        tenant,
        DataPolicy.ofHeaderValue(dataPolicy).orElse(DataPolicy.LOCAL_ONLY),
        CacheMode.ON);
  }

  private static Item item(String text) {
    return new Item(new Text(text));
  }

  private static <T extends SpecificRecord> String request(
      String what, Capability capability, Domain domain, Lane lane, RequestHead head, T record) {
    @SuppressWarnings("unchecked") // The class of a T.
    Class<T> type = (Class<T>) record.getClass();
    byte[] value = Codec.of(type, DerivedSchemaIds.INSTANCE).encode(record);
    Fingerprint key = Fingerprint.of(capability, domain, lane, head, value);
    RecordHeaders headers = new RecordHeaders();
    new Envelope(head, new Inbox(3, "3f2a"), Duration.ofSeconds(30), null, null).writeTo(headers);
    return """
        {
          "what": %s,
          "topic": %s,
          "domain": %s,
          "lane": %s,
          "capability": %s,
          "headers": %s,
          "record": %s,
          "value": "%s",
          "key": "%s",
          "partition": {"2": %d, "12": %d}
        }\
    """
        .formatted(
            quoted(what),
            quoted(Topics.requests(domain, lane, capability)),
            quoted(domain.prefix()),
            quoted(lane.topicName()),
            quoted(capability.topicName()),
            object(headers),
            quoted(record.getSchema().getFullName()),
            HEX.formatHex(value),
            key,
            key.partition(2),
            key.partition(12));
  }

  private static String object(RecordHeaders headers) {
    return Arrays.stream(headers.toArray())
        .map(header -> Map.entry(header.key(), text(header)))
        .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String text(Header header) {
    return new String(header.value(), UTF_8);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
