package io.ratatoskr.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.router.Router;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistry;
import io.ratatoskr.schemas.TestRegistry;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.schemas.wire.WorkerStatus;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.HashEngine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schema ids from a registry; from Apicurio's with {@code -Dregistry=apicurio}. */
@WithKafka(ownBroker = true)
class RegistryPipelineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String REQUESTS =
      Topics.requests(Domain.DEFAULT, Lane.INTERACTIVE, Capability.EMBED);
  private static final String WORK = Topics.work(Lane.INTERACTIVE, WorkerKind.EMBED.usualPool());
  private static final String RESULTS = Topics.results(Lane.INTERACTIVE);
  private static final String REPLIES = Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE);

  @TempDir private Path temp;

  @Test
  void idsAreTheRegistrys_andPipelineServesOnWithoutIt(TestKafka kafka) {
    String bootstrap = kafka.bootstrapServers();
    new TopicCreation(kafka.admin(), PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
    FaultWire wire = new FaultWire(bootstrap);
    try (TestRegistry registry = TestRegistry.start()) {
      SchemaIds ids = SchemaIds.of(SchemaRegistry.of(registry.url()));
      Map<String, String> with =
          Map.of("kafka.bootstrap", bootstrap, "schema-registry.url", registry.url());
      try (Router router = router(bootstrap, registry);
          HashEngine engine = HashEngine.free(ids);
          Worker worker =
              Worker.start(
                  WorkerConfig.of(Values.of(WorkerConfig.settings(), with))
                      .withPool(WorkerKind.EMBED.usualPool()),
                  engine,
                  new SimpleMeterRegistry());
          KafkaRatatoskr client =
              KafkaRatatoskr.connect(ClientConfig.of(Values.of(ClientConfig.settings(), with)))) {
        router.start();
        router.awaitRunning(PATIENCE);
        assertServes(client, "with the registry");

        assertThat(worker.id()).isNotEmpty();
        assertIds(wire, ids, REQUESTS, io.ratatoskr.schemas.wire.EmbedRequest.getClassSchema());
        assertIds(wire, ids, WORK, WorkItem.getClassSchema());
        assertIds(wire, ids, RESULTS, WorkResult.getClassSchema());
        assertIds(wire, ids, REPLIES, Reply.getClassSchema());
        assertIds(wire, ids, Topics.catalog(), WorkerStatus.getClassSchema());
        Codec<Reply> replies = Codec.of(Reply.class, ids);
        Codec<DeadLetter> letters = Codec.of(DeadLetter.class, ids);
        Reply first = replies.decode(wire.read(REPLIES).getFirst().value());
        ByteBuffer payload = ((ReplyAnswer) first.getOutcome()).getPayload();
        assertThat(payload.getInt(1)).isEqualTo(ids.idOf(EmbedReply.getClassSchema()));

        assertThat(answer(wire, replies, send(wire, 1))).isEqualTo("InvalidInput");

        registry.stop();
        assertServes(client, "without the registry");
        byte[] foreign = foreign(2);
        wire.send(RESULTS, 0, new byte[Fingerprint.BYTES], foreign, new RecordHeaders());
        wire.send(WORK, 0, new byte[Fingerprint.BYTES], foreign, new RecordHeaders());
        wire.send(Topics.catalog(), 0, "w".getBytes(UTF_8), foreign, new RecordHeaders());
        assertThat(answer(wire, replies, send(wire, 2))).isEqualTo("Http");
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(wire.read(Topics.deadLetters()))
                    .extracting(record -> letters.decode(record.value()))
                    .filteredOn(letter -> ByteBuffer.wrap(foreign).equals(letter.getValue()))
                    .allMatch(letter -> letter.getCode().equals("Http"))
                    .extracting(DeadLetter::getTopic)
                    .containsOnly(RESULTS, WORK));
        assertServes(client, "after records that nobody can read now");
      }
    }
  }

  private Router router(String bootstrap, TestRegistry registry) {
    return new Router(
        RouterConfig.of(
                Deployment.allInOne(),
                temp.resolve("router"),
                Values.of(
                    RouterConfig.settings(),
                    Map.of("router.store", "memory", "schema-registry.url", registry.url())))
            .withBootstrap(bootstrap),
        new SimpleMeterRegistry());
  }

  private static void assertServes(KafkaRatatoskr client, String text) {
    assertThat(
            client
                .embed(
                    EmbedRequest.of(HashEngine.MODEL, text)
                        .withOptions(RequestOptions.defaults().withTimeout(PATIENCE)))
                .orTimeout(PATIENCE.toSeconds(), SECONDS)
                .join()
                .vector())
        .isEqualTo(HashEngine.vector(text, FaultRole.DIMENSIONS));
  }

  private static void assertIds(FaultWire wire, SchemaIds ids, String topic, Schema schema) {
    assertThat(ids.idOf(schema)).isNotEqualTo(SchemaIds.derived().idOf(schema));
    assertThat(wire.read(topic))
        .isNotEmpty()
        .allSatisfy(record ->
            assertThat(ByteBuffer.wrap(record.value()).getInt(1)).isEqualTo(ids.idOf(schema)))
        .allMatch(record -> record.headers().lastHeader(Codec.SCHEMA_HEADER) != null);
  }

  /** A record of a schema that only a registry could tell. */
  private static byte[] foreign(int number) {
    return ByteBuffer.allocate(6).put((byte) 0).putInt(0x7000_0000 + number).array();
  }

  private static RequestId send(FaultWire wire, int number) {
    RequestId id = RequestId.next(Clock.systemUTC(), new SecureRandom());
    wire.request(Lane.INTERACTIVE, FaultWire.envelope(id, 0), foreign(number));
    return id;
  }

  private static String answer(FaultWire wire, Codec<Reply> replies, RequestId id) {
    ConsumerRecord<byte[], byte[]> reply =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    wire.read(REPLIES).stream()
                        .filter(record ->
                            ReplyTo.read(record.headers()).orElseThrow().requestId().equals(id))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    return ((ErrorRecord) replies.decode(reply.value(), reply.headers()).getOutcome()).getCode();
  }

  @Test
  void startWithoutTheRegistry_isRefusedInOneLineWithoutItsCredentials(TestKafka kafka) {
    new TopicCreation(kafka.admin(), PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
    String at = " --bootstrap " + kafka.bootstrapServers();
    for (String command :
        List.of(
            "up --data " + temp.resolve("up"),
            "embed text",
            "embed text" + at,
            "serve embed" + at,
            "serve gateway" + at,
            "serve router --partitions 2 --data " + temp.resolve("router") + at)) {
      StringWriter err = new StringWriter();

      int exitCode =
          Main.commandLine(Layers.Surroundings.none())
              .setErr(new PrintWriter(err))
              .execute(
                  (command + " --set schema-registry.url=http://me:secret@127.0.0.1:1")
                      .split(" ", -1));

      assertThat(exitCode).as(command).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString().lines()).as(command).hasSize(1);
      assertThat(err.toString())
          .contains("http://127.0.0.1:1", "is it up, and is schema-registry.url right?")
          .doesNotContain("secret");
    }
  }
}
