package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.SearchedPartition.Wanted;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SearchedPartitionTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Random RANDOM = new Random(3);

  private final SearchedPartition partition = new SearchedPartition();
  private final List<ErrorCode> failures = new ArrayList<>();

  /** Looks for the reply to a request of one minute, made at that time. */
  private Wanted add(Instant made) {
    RequestId id = RequestId.next(Clock.fixed(made, ZoneOffset.UTC), RANDOM);
    Instant deadline = made.plus(Duration.ofMinutes(1));
    CompletableFuture<Void> reply = new CompletableFuture<>();
    Wanted wanted =
        new Wanted(
            new Handle(
                Domain.DEFAULT,
                Lane.BULK,
                Capability.CHAT,
                id,
                Fingerprint.ofKey(new byte[Fingerprint.BYTES]),
                0,
                deadline),
            deadline.toEpochMilli(),
            reply,
            outcome -> {
              RecordOutcome.Failure failure = (RecordOutcome.Failure) outcome.get();
              failures.add(((RequestFailedException) failure.cause()).error().code());
              reply.complete(null);
            });
    partition.add(wanted);
    return wanted;
  }

  private void end(Wanted wanted, InferenceError error) {
    partition.end(wanted.handle().requestId(), () -> ReplyReading.failure(error));
  }

  private static long at(Duration afterNoon) {
    return NOON.plus(afterNoon).toEpochMilli();
  }

  @Test
  void place_readsFromTheEarliestOfWhatIsNew_andNeverSkipsWhatIsLookedForAlready() {
    add(NOON.plusSeconds(60));
    assertThat(partition.earliestMs()).isEqualTo(at(Duration.ofSeconds(50)));
    assertThat(partition.place(0, 700, at(Duration.ofSeconds(51)), 900)).isEqualTo(700);
    partition.read(750);

    add(NOON);
    assertThat(partition.earliestMs()).isEqualTo(at(Duration.ofSeconds(-10)));
    assertThat(partition.place(0, 20, at(Duration.ofSeconds(-9)), 900)).isEqualTo(20);

    add(NOON.plusSeconds(300));
    assertThat(partition.place(0, 890, at(Duration.ofSeconds(291)), 900)).isEqualTo(20);
  }

  @Test
  void end_theFirstReply_isTheOutcomeOfAllThatWaitForIt() {
    Wanted wanted = add(NOON);
    partition.place(0, 0, 0, 10);
    end(wanted, InferenceError.overloaded("full"));
    end(wanted, InferenceError.cancelled("late"));

    assertThat(failures).containsExactly(ErrorCode.OVERLOADED);
    assertThat(partition.isDone()).isTrue();
  }

  @Test
  void endOverdue_afterTheDeadline_isExpiredWhereAllOfItsTimeIsKept_andNotFoundWhereNot() {
    long soon = at(Duration.ofSeconds(2));
    add(NOON);
    partition.place(5, 5, at(Duration.ofSeconds(-9)), 10);
    assertThat(partition.isOverdue(soon)).isFalse();
    assertThat(partition.isOverdue(at(Duration.ofMinutes(1)))).isTrue();
    partition.endOverdue(at(Duration.ofMinutes(1)), "replies");

    add(NOON);
    partition.place(5, 5, soon, 10);
    partition.endOverdue(at(Duration.ofMinutes(1)), "replies");

    add(NOON);
    partition.place(10, 10, 0, 10);
    partition.endOverdue(at(Duration.ofMinutes(1)), "replies");

    add(NOON);
    partition.place(0, 0, soon, 10);
    partition.endOverdue(at(Duration.ofMinutes(1)), "replies");

    assertThat(failures)
        .containsExactly(
            ErrorCode.EXPIRED,
            ErrorCode.REPLY_NOT_FOUND,
            ErrorCode.REPLY_NOT_FOUND,
            ErrorCode.EXPIRED);
    assertThat(partition.isDone()).isTrue();
  }

  @Test
  void beginAgain_placesWhatIsOpenAnew() {
    add(NOON);
    partition.place(0, 50, 0, 60);
    partition.read(55);
    partition.beginAgain();

    assertThat(partition.isUnplaced()).isTrue();
    assertThat(partition.place(0, 52, 0, 60)).isEqualTo(52);
  }
}
