package io.ratatoskr.launcher.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.Handle;
import io.ratatoskr.launcher.CommandRun;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.DeadLetters;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.FailedAttempt;
import io.ratatoskr.schemas.wire.UsageRecord;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters and usage as a router writes them: shown, sent again, summed up. */
@WithKafka(ownBroker = true)
class OperatorCommandsIT {
  private static final Codec<DeadLetter> LETTER = Codec.of(DeadLetter.class, SchemaIds.derived());
  private static final Codec<UsageRecord> USAGE = Codec.of(UsageRecord.class, SchemaIds.derived());
  private static final Capability CAPABILITY = Capability.EMBED;
  private static final String REQUESTS =
      Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, CAPABILITY);
  private static final InferenceError ERROR = InferenceError.http("connection reset");

  private final TestKafka kafka;

  OperatorCommandsIT(TestKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  static void topics(TestKafka kafka) {
    kafka.createTopic(Topics.deadLetters(), 2, Map.of());
    kafka.createTopic(REQUESTS, 2, Map.of());
    kafka.createTopic(Topics.usage(), 2, Map.of());
  }

  private CommandRun dlq(String... args) {
    return run("dlq", args);
  }

  private CommandRun run(String command, String... args) {
    return CommandRun.of(
        Stream.concat(
                Stream.concat(Stream.of(command), Stream.of(args)),
                Stream.of("--bootstrap=" + kafka.bootstrapServers()))
            .toArray(String[]::new));
  }

  private static Headers headers(String tenant) {
    RequestId id = new RequestId(UUID.randomUUID());
    RequestHead head = RequestHead.of(id, "m");
    Headers headers = new RecordHeaders();
    new Envelope(
            new RequestHead(id, "m", "", false, tenant, head.dataPolicy(), head.cache()),
            new Inbox(1, "mine"),
            Duration.ofMinutes(1),
            null,
            null)
        .writeTo(headers);
    return headers;
  }

  /** Fails a request of that tenant. */
  private String failed(String tenant, byte[] value, boolean kept) {
    return write(letter(tenant, value, kept)).toString();
  }

  private DeadLetter letter(String tenant, byte[] value, boolean kept) {
    Headers headers = headers(tenant);
    RecordMetadata source =
        kafka.send(new ProducerRecord<>(REQUESTS, 0, new byte[] {1}, value, headers));
    DeadLetters.Origin origin = new DeadLetters.Origin(REQUESTS, 0, source.offset());
    DeadLetter letter =
        DeadLetter.newBuilder(
                DeadLetters.of(origin, 7, new byte[32], value, kept ? headers : none(), ERROR))
            .setRequestId(ReplyTo.read(headers).orElseThrow().requestId().toString())
            .setGeneration(1)
            .setTenant(tenant)
            .setModel("m")
            .setAttempts(
                List.of(
                    new FailedAttempt(1, "first", "m", "w1", 1L, 4L, ERROR.toWire()),
                    new FailedAttempt(2, "second", "n", null, 5L, 6L, ERROR.toWire())))
            .build();
    return kept ? letter : DeadLetters.withoutValue(letter);
  }

  private static Headers none() {
    return new RecordHeaders();
  }

  private Letter.Id write(DeadLetter letter) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.deadLetters(), new byte[32], LETTER.encode(letter));
    LETTER.describe(record.headers());
    RecordMetadata at = kafka.send(record);
    return new Letter.Id(at.partition(), at.offset());
  }

  private ConsumerRecord<byte[], byte[]> resent(Handle handle) {
    return kafka
        .read(REQUESTS, records -> records.stream().anyMatch(record -> isOf(handle, record)))
        .stream()
        .filter(record -> isOf(handle, record))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isOf(Handle handle, ConsumerRecord<byte[], byte[]> record) {
    return ReplyTo.read(record.headers()).orElseThrow().requestId().equals(handle.requestId());
  }

  @Test
  void list_showsWhatTheTermsAskFor_andACopyOnce() {
    DeadLetter twice = letter("lister", "x".getBytes(UTF_8), true);
    String id = write(twice).toString();
    String other = failed("other", "y".getBytes(UTF_8), true);
    write(twice);

    CommandRun table = dlq("list", "--where=tenant=lister", "--where=since=1h");
    assertThat(table.exitCode()).as(table.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(table.out().lines().skip(1))
        .singleElement()
        .asString()
        .startsWith(id + " ")
        .contains("Http", "interactive", "embed", "lister", "  2  ", "connection reset")
        .doesNotContain(other);

    CommandRun json = dlq("list", "--where=tenant=lister", "--json");
    JsonNode letter = JsonMapper.shared().readTree(json.out());
    assertThat(letter.path("id").asString()).isEqualTo(id);
    assertThat(letter.path("attempts").path(1).path("pool").asString()).isEqualTo("second");
    assertThat(dlq("list", "--limit=1").err()).contains("older ones");
  }

  @Test
  void show_hasEachAttempt() {
    String id = failed("shown", "x".getBytes(UTF_8), true);

    CommandRun shown = dlq("show", id);
    assertThat(shown.exitCode()).as(shown.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(shown.out())
        .contains(REQUESTS + "-0@", "Http: connection reset", "1 bytes", "Sent again  no")
        .containsPattern("1  first +m +w1 .*3 ms")
        .containsPattern("2  second +n +- ")
        .containsPattern("tenant +shown");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void replay_sendsTheRequestUnderANewId_onceUnlessAskedAgain(boolean kept) {
    String tenant = "again-" + kept;
    byte[] value = ("value of " + tenant).getBytes(UTF_8);
    String id = failed(tenant, value, kept);
    CommandRun run = dlq("replay", "--yes", "--where=tenant=" + tenant);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(run.out()).startsWith(id + "  ");
    Handle handle = Handle.parse(run.out().strip().split("  ", -1)[1]);
    assertThat(handle.deadline()).isAfter(Clock.systemUTC().instant());
    assertThat(handle.inboxPartition()).isEqualTo(1);
    ConsumerRecord<byte[], byte[]> record = resent(handle);
    assertThat(record.value()).isEqualTo(value);
    assertThat(record.key()).isEqualTo(handle.key().toKey());
    assertThat(record.partition()).isEqualTo(handle.key().partition(2));
    Envelope envelope = Envelope.read(record.headers(), Duration.ofSeconds(1));
    assertThat(envelope.head().tenant()).isEqualTo(tenant);
    assertThat(envelope.timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void letterThatWasSentAgain_isNotSentOnceMore_unlessThatIsSaid() {
    String id = failed("twice", "x".getBytes(UTF_8), true);
    assertThat(dlq("replay", id).err()).contains("say --yes");
    assertThat(dlq("replay", "--yes", id).exitCode()).isEqualTo(ExitCode.WHOLE);

    assertThat(dlq("replay", "--yes", "--where=tenant=twice").out())
        .isEqualTo("No dead letters.\n");
    CommandRun second = dlq("replay", "--yes", id);
    assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(second.err()).contains("was sent again before, as ");
    assertThat(dlq("list", "--where=tenant=twice").out()).contains("(sent again)");
    assertThat(dlq("replay", "--yes", "--again", id).exitCode()).isEqualTo(ExitCode.WHOLE);
  }

  @Test
  void replay_tellsWhatCannotBeSent() {
    DeadLetters.Origin gone = new DeadLetters.Origin(REQUESTS, 0, 1_000_000);
    DeadLetters.Origin work = new DeadLetters.Origin(Topics.work(Lane.BULK, "embed"), 0, 5);
    String lost = write(DeadLetters.of(gone, 7, null, null, none(), ERROR)).toString();
    String noRequest = write(DeadLetters.of(work, 7, null, new byte[1], none(), ERROR)).toString();
    String bare =
        write(
                DeadLetters.of(
                    new DeadLetters.Origin(REQUESTS, 0, 2_000_000),
                    7,
                    null,
                    new byte[1],
                    none(),
                    ERROR))
            .toString();

    CommandRun run = dlq("replay", "--yes", lost, noRequest, bare);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(lost + " has no value here", "is no longer kept")
        .contains(noRequest + " stood on", "is no request")
        .contains(bare + " has headers that would be refused again", "model is missing")
        .contains("0 of 3 sent again.");
  }

  @Test
  void usage_isSummedUpFromATimeOn() {
    UsageRecord usage =
        UsageRecord.newBuilder()
            .setRequestId("r1")
            .setGeneration(1)
            .setRequests(2)
            .setJoined(1)
            .setCached(false)
            .setOutcome("Answered")
            .setDomain("d")
            .setLane("bulk")
            .setCapability("chat")
            .setTenant("acme")
            .setPool("chat")
            .setModel("m")
            .setProvider("p")
            .setLocation(Location.REMOTE)
            .setAttempts(1)
            .setCost(0.5)
            .setQueueMs(5)
            .setExecutionMs(1_500)
            .build();
    long now = Clock.systemUTC().millis();
    kafka.send(record(UsageRecord.newBuilder(usage).setRequestId("old").build(), now - 90_000_000));
    kafka.send(record(usage, now));
    kafka.send(record(usage, now));

    CommandRun day = run("usage", "--by=tenant", "--json");
    assertThat(day.json().path("tenant").asString()).isEqualTo("acme");
    assertThat(day.json().path("requests").asInt()).isEqualTo(2);
    assertThat(run("usage", "--by=model", "--since=2d").out())
        .contains("MODEL  REQUESTS")
        .containsPattern("m +4 ")
        .contains("1.0000");
    assertThat(run("usage", "--by=colour").err()).contains("--by: there is no 'colour'");
  }

  private static ProducerRecord<byte[], byte[]> record(UsageRecord usage, long writtenMs) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.usage(),
            null,
            writtenMs,
            usage.getRequestId().getBytes(UTF_8),
            USAGE.encode(usage));
    USAGE.describe(record.headers());
    return record;
  }

  @Test
  void whatIsNotThere_isSaidInALine() {
    CommandRun none = dlq("show", "0-99999");
    assertThat(none.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(none.err()).contains("there is no dead letter 0-99999").hasLineCount(1);
    CommandRun odd = dlq("list", "--where=colour=red");
    assertThat(odd.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(odd.err()).contains("there is no 'colour'");
    CommandRun neither = dlq("replay", "--yes");
    assertThat(neither.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(CommandRun.of("dlq", "list").err()).contains("name the Kafka");
  }
}
