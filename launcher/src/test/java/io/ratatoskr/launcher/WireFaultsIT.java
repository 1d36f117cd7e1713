package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.HashEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that nobody should have sent: each is told of, and its neighbours are answered. */
@ExtendWith(FaultPipeline.Extension.class)
class WireFaultsIT {
  private static final Codec<io.ratatoskr.schemas.wire.EmbedRequest> REQUEST =
      Codec.of(io.ratatoskr.schemas.wire.EmbedRequest.class, SchemaIds.derived());
  private static final byte[] NONSENSE = "no record of ours".getBytes(UTF_8);

  private final FaultPipeline pipeline;
  private final FaultWire wire;
  private final RequestId id = new RequestId(UUID.randomUUID());

  WireFaultsIT(FaultPipeline pipeline) {
    this.pipeline = pipeline;
    this.wire = pipeline.wire();
  }

  @AfterEach
  void neighboursAreAnswered() {
    pipeline.assertServes("near-" + id + "-");
  }

  private static String requests(Lane lane) {
    return Topics.requests(Domain.DEFAULT, lane, Capability.EMBED);
  }

  private byte[] valid() {
    return REQUEST.encode(
        io.ratatoskr.schemas.wire.EmbedRequest.newBuilder()
            .setItems(List.of(new Item(new Text("raw-" + id))))
            .build());
  }

  private String awaitReply(Lane lane) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                wire.replies(lane).stream()
                    .filter(told -> told.to().equals(id))
                    .map(FaultWire.Told::payload)
                    .findFirst()
                    .orElse(""),
            payload -> !payload.isEmpty());
  }

  private DeadLetter awaitDeadLetter(String topic, byte[] value) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                wire.deadLetters().stream()
                    .filter(letter -> letter.getTopic().equals(topic))
                    .filter(letter -> letter.getValue().equals(ByteBuffer.wrap(value)))
                    .toList(),
            letters -> !letters.isEmpty())
        .getFirst();
  }

  @ParameterizedTest
  @EnumSource
  void undecodableRequest_isToldItsSenderAndPutAside(Lane lane) {
    byte[] value = ("nonsense " + id).getBytes(UTF_8);
    wire.request(lane, FaultWire.envelope(id, 0), value);

    assertThat(awaitReply(lane)).isEqualTo(FaultWire.error("InvalidInput"));
    assertThat(awaitDeadLetter(requests(lane), value).getCode()).isEqualTo("InvalidInput");
  }

  @Test
  void unknownSchemaId_isToldItsSenderAndNamed() {
    byte[] value = valid();
    value[1] = (byte) 0xde;
    value[2] = (byte) 0xad;
    value[3] = (byte) 0xbe;
    value[4] = (byte) 0xef;
    wire.request(Lane.INTERACTIVE, FaultWire.envelope(id, 0), value);

    assertThat(awaitReply(Lane.INTERACTIVE)).isEqualTo(FaultWire.error("InvalidInput"));
    assertThat(awaitDeadLetter(requests(Lane.INTERACTIVE), value).getReason())
        .contains("schema id deadbeef is unknown");
  }

  @Test
  void requestWithoutHeaders_isPutAside() {
    byte[] value = ("headless " + id).getBytes(UTF_8);
    wire.send(requests(Lane.BULK), 0, null, value, new RecordHeaders());

    assertThat(awaitDeadLetter(requests(Lane.BULK), value).getCode()).isEqualTo("BadEnvelope");
  }

  @ParameterizedTest
  @EnumSource
  void inboxThatDoesNotExist_isPutAsideAndHoldsNobodyUp(Lane lane) {
    byte[] value = valid();
    wire.request(lane, FaultWire.envelope(id, 999), value);

    DeadLetter letter = awaitDeadLetter(requests(lane), value);
    assertThat(letter.getCode()).isEqualTo("BadEnvelope");
    assertThat(letter.getReason()).contains("999").contains("32");
  }

  @Test
  void wrongKey_isPutRightOnce() {
    Headers headers = new RecordHeaders();
    FaultWire.envelope(id, 0).writeTo(headers);
    wire.send(requests(Lane.INTERACTIVE), 1, NONSENSE, valid(), headers);

    assertThat(awaitReply(Lane.INTERACTIVE)).isEqualTo(FaultWire.payload("raw-" + id));
  }

  @Test
  void wrongKeyTheSecondTime_isRefused() {
    Headers headers = new RecordHeaders();
    FaultWire.envelope(id, 0).writeTo(headers);
    headers.add(Envelope.REKEYED, new byte[] {1});
    wire.send(requests(Lane.INTERACTIVE), 1, NONSENSE, valid(), headers);

    assertThat(awaitReply(Lane.INTERACTIVE)).isEqualTo(FaultWire.error("BadEnvelope"));
  }

  @ParameterizedTest
  @EnumSource
  void undecodableResult_isPutAside(Lane lane) {
    byte[] value = ("no result " + id).getBytes(UTF_8);
    wire.send(Topics.results(lane), 0, NONSENSE, value, new RecordHeaders());

    assertThat(awaitDeadLetter(Topics.results(lane), value).getReason()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void undecodableWork_isPutAside(Lane lane) {
    byte[] value = ("no work " + id).getBytes(UTF_8);
    String topic = Topics.work(lane, WorkerKind.EMBED.usualPool());
    wire.send(topic, 0, NONSENSE, value, new RecordHeaders());

    assertThat(awaitDeadLetter(topic, value).getReason()).isNotEmpty();
  }

  @Test
  void undecodableHeartbeatAndCancellation_holdNobodyUp() {
    wire.send(Topics.catalog(), 0, NONSENSE, NONSENSE, new RecordHeaders());
    for (Lane lane : Lane.values()) {
      String topic = Topics.cancellations(Domain.DEFAULT, lane);
      wire.send(topic, 0, NONSENSE, NONSENSE, new RecordHeaders());
    }
    pipeline.assertServes("beside-the-heartbeat-" + id);
  }

  @Test
  void unknownModel_namesThoseThereAre() {
    var reply = pipeline.client().embed(EmbedRequest.of("no-such-model", "text"));

    assertThatThrownBy(() -> reply.orTimeout(PATIENCE.toSeconds(), SECONDS).join())
        .cause()
        .hasMessageContaining("no-such-model")
        .hasMessageContaining("there are " + HashEngine.MODEL)
        .asInstanceOf(InstanceOfAssertFactories.type(RequestFailedException.class))
        .extracting(failed -> failed.error().code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
  }

  @Test
  void oversizeRequest_isRefusedByTheClientWithTheLimit() {
    var reply =
        pipeline
            .client()
            .embed(EmbedRequest.of(HashEngine.MODEL, "x".repeat(Limits.REQUEST_BYTES + 1)));

    assertThat(reply).isCompletedExceptionally();
    assertThatThrownBy(reply::join)
        .cause()
        .hasMessageContaining(Integer.toString(Limits.REQUEST_BYTES))
        .asInstanceOf(InstanceOfAssertFactories.type(RequestFailedException.class))
        .extracting(failed -> failed.error().code())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }
}
