package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.WorkItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class BadInputTest {
  private static final Request REQUEST = Request.of(1, "x");

  @Test
  void requestUnderAnotherKeyIsPublishedAgainAndServed() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST, bytes("another key"), REQUEST.value(), REQUEST.headers());
      WorkItem work = rig.work().getFirst();
      assertThat(work.getSource().getOffset()).isEqualTo(1);
      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("v");
      assertThat(rig.count(RouterMetrics.Meter.REKEYED)).isEqualTo(1);
    }
  }

  @Test
  void requestUnderAnotherKeyTheSecondTimeIsRefused() {
    try (Rig rig = new Rig()) {
      Headers headers = REQUEST.headers();
      headers.add(Envelope.REKEYED, new byte[] {1});
      rig.send(REQUEST, bytes("another key"), REQUEST.value(), headers);
      assertRefused(rig, "BadEnvelope", "murmur2");
    }
  }

  /** Who decodes it refuses it; see the worker's contract. */
  @Test
  void payloadIsNotLookedInto() {
    try (Rig rig = new Rig()) {
      sendValue(rig, bytes("no Avro at all"));
      WorkItem work = rig.work().getFirst();
      assertThat(work.getPayload()).isEqualTo(ByteBuffer.wrap(bytes("no Avro at all")));
      assertThat(work.getModel()).isEqualTo(Requests.MODEL);
      assertThat(work.getPayloadSchema()).isNull();
      assertThat(rig.deadLetters()).isEmpty();
    }
  }

  @Test
  void schemaHeaderGoesWithThePayload() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      assertThat(rig.work().getFirst().getPayloadSchema())
          .isEqualTo(Codec.named(REQUEST.headers()))
          .isNotNull();
    }
  }

  @Test
  void requestWithoutModelIsRefusedSayingWhatToName() {
    try (Rig rig = new Rig()) {
      Headers headers = REQUEST.headers();
      headers.remove(Envelope.MODEL);
      rig.send(REQUEST, REQUEST.fingerprint().toKey(), REQUEST.value(), headers);
      assertRefused(rig, "BadEnvelope", "header model is missing");
    }
  }

  @Test
  void presetThatNobodyConfiguredIsRefusedNamingIt() {
    try (Rig rig = new Rig()) {
      rig.sendWithPreset(Capability.EMBED, "fast");
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("PresetNotFound");
      assertThat(replies.getFirst().error().getMessage()).contains("'fast'").contains("embed");
      assertThat(rig.work()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void requestWithoutValueIsRefused() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST, REQUEST.fingerprint().toKey(), null, REQUEST.headers());
      assertRefused(rig, "InvalidInput", "no value");
    }
  }

  @Test
  void inboxThatDoesNotExistHarmsNobody() {
    try (Rig rig = new Rig()) {
      Headers headers = REQUEST.headers();
      headers.remove(Envelope.INBOX).add(Envelope.INBOX, bytes("32:me"));
      rig.send(REQUEST, REQUEST.fingerprint().toKey(), REQUEST.value(), headers);
      assertThat(rig.deadLetters()).extracting(DeadLetter::getCode).containsExactly("BadEnvelope");
      assertThat(rig.replies()).isEmpty();
      rig.send(Request.of(2, "y"));
      assertThat(rig.work()).hasSize(1);
    }
  }

  @Test
  void envelopeWithoutSenderIsPutAside() {
    try (Rig rig = new Rig()) {
      Headers headers = REQUEST.headers();
      headers.remove(Envelope.REQUEST_ID);
      rig.send(REQUEST, null, REQUEST.value(), headers);
      List<DeadLetter> letters = rig.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().getReason()).contains("request-id");
      assertThat(letters.getFirst().getValue().array()).isEqualTo(REQUEST.value());
      assertThat(letters.getFirst().getHeaders()).containsKey("inbox");
      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void timeoutAboveTheLongestIsRefusedNamingIt() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST.within(Duration.ofDays(8)));
      assertRefused(rig, "BadEnvelope", "604800000");
    }
  }

  @Test
  void unknownModelIsRefusedNamingThoseThereAre() {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          "embed", new CatalogSnapshot.Pool(1, Set.of("b", "a"), Set.of(), Map.of()));
      rig.send(REQUEST);
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("ModelNotFound");
      assertThat(replies.getFirst().error().getMessage()).contains("a, b");
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void requestTooLargeIsRefused() {
    try (Rig rig = new Rig()) {
      sendValue(rig, new byte[Limits.REQUEST_BYTES + 1]);
      assertRefused(rig, "TooLarge", Integer.toString(Limits.REQUEST_BYTES));
    }
  }

  @Test
  void capabilityWithoutWorkersTopicIsRefused() {
    try (Rig rig = new Rig()) {
      rig.directory.partitions.remove(Topics.work(Lane.INTERACTIVE, "embed"));
      rig.send(REQUEST);
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("NoProvider");
    }
  }

  @Test
  void requestReadAfterItsDeadlineIsToldSo() {
    try (Rig rig = new Rig()) {
      rig.sendAppendedAt(REQUEST, Rig.START.minusSeconds(31));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("Expired");
      assertThat(rig.work()).isEmpty();
      assertThat(rig.entries(Lane.INTERACTIVE)).isEmpty();
    }
  }

  @Test
  void tooManyWaitersAreOverload() {
    try (Rig rig = new Rig(Map.of("limits.flight-waiters", "2"))) {
      for (int i = 0; i < 3; i++) {
        rig.send(Request.of(i, "same").cached());
      }
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("Overloaded");
      assertThat(replies.getFirst().id()).isEqualTo(Request.of(2, "same").id());
    }
  }

  @Test
  void tooManyBytesOfRepliesAreOverload() {
    try (Rig rig = new Rig(Map.of("limits.flight-reply-bytes", "1048576"))) {
      for (int i = 0; i < 6; i++) {
        rig.send(Request.of(i, "same").cached());
      }
      String large = "v".repeat(300_000);
      rig.report(Request.of(0, "same").cached(), rig.work().getFirst(), Requests.answered(large));
      List<Told> replies = rig.replies();
      assertThat(replies).hasSize(6);
      assertThat(replies).filteredOn(told -> told.outcome().equals(large)).hasSize(3);
      assertThat(replies).filteredOn(told -> told.outcome().equals("Overloaded")).hasSize(3);
    }
  }

  @Test
  void answerTooLargeForAReplyIsAnError() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.answered("v".repeat(Limits.REPLY_BYTES)));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("TooLarge");
    }
  }

  @Test
  void resultsThatAreNoneArePutAside() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      byte[] key = REQUEST.fingerprint().toKey();
      rig.report(Lane.INTERACTIVE, key, bytes("garbage"));
      rig.report(Lane.INTERACTIVE, bytes("short"), bytes("garbage"));
      work.getSource().put(1, 5);
      rig.report(REQUEST, work, Requests.answered("v"));
      assertThat(rig.deadLetters())
          .extracting(DeadLetter::getCode)
          .containsExactly("InvalidInput", "BadEnvelope", "BadEnvelope");
      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void resultOfAFlightUnknownIsDropped() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(Request.of(2, "other"), work, Requests.answered("v"));
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.count(RouterMetrics.Meter.STALE_RESULTS)).isEqualTo(1);
    }
  }

  private static void sendValue(Rig rig, byte[] value) {
    Fingerprint fingerprint =
        Fingerprint.of(Capability.EMBED, Domain.DEFAULT, Lane.INTERACTIVE, REQUEST.head(), value);
    Headers headers = REQUEST.headers();
    headers.remove("schema");
    rig.send(REQUEST, fingerprint.toKey(), value, headers);
  }

  private static void assertRefused(Rig rig, String code, String words) {
    List<Told> replies = rig.replies();
    assertThat(replies).extracting(Told::outcome).containsExactly(code);
    assertThat(replies.getFirst().error().getMessage()).contains(words);
    assertThat(rig.deadLetters()).extracting(DeadLetter::getCode).containsExactly(code);
    assertThat(rig.work()).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
