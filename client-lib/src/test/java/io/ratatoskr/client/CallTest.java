package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.CacheUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallTest {
  private static final Inbox INBOX = new Inbox(7, "me");
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final List<String> handedOver = Collections.synchronizedList(new ArrayList<>());
  private final List<String> cancelled = new ArrayList<>();

  /** Notes parts of kind {@code chunk}. */
  private final Parts chunks =
      new Parts() {
        @Override
        public boolean knows(String kind) {
          return kind.equals("chunk");
        }

        @Override
        public void take(String kind, byte[] value, Headers headers) {
          if (value.length == 0) {
            throw new IllegalArgumentException("an empty chunk");
          }
          handedOver.add(new String(value, java.nio.charset.StandardCharsets.UTF_8));
        }
      };

  private final Call.Path path =
      new Call.Path() {
        @Override
        public void cancel(Call<?> call) {
          cancelled.add(call.id().toString());
        }

        @Override
        public void ended(Call<?> call, @Nullable RatatoskrException failure) {
          handedOver.add("ended");
        }

        @Override
        public void settled(Call<?> call) {
          handedOver.add("settled");
        }
      };

  private Call<EmbedReply> call() {
    return Calls.of(Clock.systemUTC(), Duration.ofSeconds(30), 10, chunks, path, Runnable::run);
  }

  /** An id of version 7, whose first 48 bits are its time in milliseconds. */
  private static final RequestId MADE_AT_1000 =
      new RequestId(new java.util.UUID(1_000L << 16 | 0x7000L, Long.MIN_VALUE));

  private static RecordOutcome answer() {
    return new ReplyReading(SchemaIds.derived())
        .outcome(
            MADE_AT_1000,
            EchoRouter.answer("space", List.of("a"), CacheUse.NONE, 1),
            NO_HEADERS,
            3_500);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static ErrorCode codeOf(Call<?> call) {
    Throwable thrown = call.reply().handle((reply, failure) -> failure).join();
    return ((RequestFailedException) thrown).error().code();
  }

  @Test
  void end_twice_onlyTheFirstCounts() {
    Call<EmbedReply> call = call();

    assertThat(call.end(CallTest::answer)).isTrue();
    assertThat(call.end(new ClientClosedException())).isFalse();

    assertThat(call.reply().join().spaceId()).isEqualTo("space");
    assertThat(call.reply().join().provenance().totalTime()).hasMillis(2_500);
    assertThat(handedOver).containsExactly("ended", "settled");
  }

  @Test
  void part_afterTheEnd_isDropped() {
    Call<EmbedReply> call = call();
    assertThat(call.part("chunk", bytes("1"), NO_HEADERS)).isTrue();
    call.end(CallTest::answer);

    assertThat(call.part("chunk", bytes("2"), NO_HEADERS)).isFalse();
    assertThat(handedOver).containsExactly("1", "ended", "settled");
    assertThat(call.knows("usage")).isFalse();
  }

  @Test
  void part_onManyThreads_keepsTheOrderOfItsInbox_endLast() throws InterruptedException {
    ExecutorService many = Executors.newFixedThreadPool(8);
    List<String> numbers = IntStream.range(0, 5_000).mapToObj(Integer::toString).toList();
    Call<EmbedReply> call =
        Calls.of(Clock.systemUTC(), Duration.ofSeconds(30), 10, chunks, path, many);
    try {
      for (String number : numbers) {
        assertThat(call.part("chunk", bytes(number), NO_HEADERS)).isTrue();
      }
      call.end(CallTest::answer);
      call.reply().join();
    } finally {
      many.shutdown();
      assertThat(many.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    List<String> expected = new ArrayList<>(numbers);
    expected.addAll(List.of("ended", "settled"));
    assertThat(handedOver).containsExactlyElementsOf(expected);
  }

  @Test
  void part_thatCannotBeRead_endsTheCallOnce() {
    Call<EmbedReply> call = call();
    call.part("chunk", new byte[0], NO_HEADERS);

    assertThat(codeOf(call)).isEqualTo(ErrorCode.DATA_ERROR);
    assertThat(call.end(CallTest::answer)).isFalse();
  }

  @Test
  void cancel_unsent_endsAtOnce_andNothingIsSent() {
    Call<EmbedReply> call = call();
    call.cancel();

    assertThat(codeOf(call)).isEqualTo(ErrorCode.CANCELLED);
    assertThat(call.sending(INBOX)).isEmpty();
    assertThat(cancelled).isEmpty();
    assertThat(call.handle()).isEmpty();
  }

  @Test
  void cancel_sent_tellsTheRouterOnce_andTakesItsWord() {
    Call<EmbedReply> call = call();
    assertThat(call.sending(INBOX)).hasValue(1);
    call.cancel();
    call.cancel();

    assertThat(cancelled).containsExactly(call.id().toString());
    assertThat(call.reply()).isNotDone();
    assertThat(call.part("chunk", bytes("1"), NO_HEADERS)).isTrue();
    call.end(CallTest::answer);
    assertThat(call.reply().join().spaceId()).isEqualTo("space");
  }

  @Test
  void cancel_sent_isNotSentAgain() {
    Call<EmbedReply> call = call();
    assertThat(call.sending(INBOX)).hasValue(1);
    call.cancel();

    assertThat(call.sending(INBOX)).isEmpty();
  }

  @Test
  void cancel_ended_doesNothing() {
    Call<EmbedReply> call = call();
    assertThat(call.sending(INBOX)).hasValue(1);
    call.end(CallTest::answer);
    call.cancel();

    assertThat(cancelled).isEmpty();
    assertThat(call.reply()).isCompleted();
  }

  @Test
  void handle_sent_namesRequestAndInbox() {
    Call<EmbedReply> call = call();
    assertThat(call.sending(INBOX)).hasValue(1);

    assertThat(call.handle())
        .contains(
            new Handle(
                Domain.DEFAULT,
                Lane.INTERACTIVE,
                Capability.EMBED,
                call.id(),
                call.key(),
                7,
                Instant.ofEpochMilli(call.deadline())));
  }

  @Test
  void submitted_completesWithItsAcknowledgement_andFailsWithTheCallBeforeIt() {
    Call<EmbedReply> call = call();
    assertThat(call.sending(INBOX)).hasValue(1);
    assertThat(call.submitted()).isNotDone();
    call.acknowledge();
    assertThat(call.submitted()).isCompleted();

    Call<EmbedReply> unsent = call();
    unsent.cancel();
    assertThat(unsent.submitted()).isCompletedExceptionally();
  }

  @Test
  void join_batchCancelledByItsCaller_staysSo() {
    var batch =
        Calls.batch(
            EmbedRequest.of("m", "a", "b")
                .withOptions(RequestOptions.defaults().withCache(CacheMode.ON)));
    batch.reply().cancel(false);
    Calls.end(batch, 0, answer());
    Calls.end(batch, 1, answer());

    assertThatThrownBy(() -> batch.reply().join())
        .isInstanceOf(java.util.concurrent.CancellationException.class)
        .isNotInstanceOf(CompletionException.class);
  }
}
