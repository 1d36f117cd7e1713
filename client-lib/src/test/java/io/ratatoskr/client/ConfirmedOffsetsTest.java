package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Inbox;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConfirmedOffsetsTest {
  private static final TopicPartition PARTITION = new TopicPartition("requests", 0);

  private static final Inbox INBOX = new Inbox(0, "me");

  private final ConfirmedOffsets confirmed = new ConfirmedOffsets();

  private Call<?> sent() {
    Call<?> call = Calls.of(Clock.systemUTC(), Duration.ofSeconds(30), 1);
    assertThat(call.sending(INBOX)).isPresent();
    confirmed.sending(call, PARTITION);
    return call;
  }

  private long value() {
    return confirmed.all().getOrDefault(PARTITION, -1L);
  }

  @Test
  void all_answeredInAnyOrder_followsTheOldestOpenOne() {
    Call<?> a = sent();
    Call<?> b = sent();
    Call<?> c = sent();
    confirmed.acknowledged(a, PARTITION, 10);
    confirmed.acknowledged(b, PARTITION, 12);
    confirmed.acknowledged(c, PARTITION, 13);

    confirmed.settled(b);
    assertThat(value()).isEqualTo(10);
    confirmed.settled(a);
    assertThat(value()).isEqualTo(13);
    confirmed.settled(c);
    assertThat(value()).isEqualTo(14);
  }

  @Test
  void all_sentAndNotAcknowledged_staysBehindIt() {
    Call<?> a = sent();
    confirmed.acknowledged(a, PARTITION, 10);
    confirmed.settled(a);
    Call<?> b = sent();

    assertThat(value()).isEqualTo(11);
    Call<?> c = sent();
    confirmed.acknowledged(c, PARTITION, 20);
    confirmed.settled(c);
    assertThat(value()).isEqualTo(11);
    confirmed.acknowledged(b, PARTITION, 15);
    assertThat(value()).isEqualTo(15);
  }

  @Test
  void all_answeredBeforeAcknowledged_countsOnce() {
    Call<?> a = sent();
    confirmed.settled(a);
    confirmed.acknowledged(a, PARTITION, 7);

    assertThat(value()).isEqualTo(8);
  }

  @Test
  void all_sentTwice_keepsTheFloorOfTheFirst() {
    Call<?> a = sent();
    assertThat(a.sending(INBOX)).hasValue(2);
    confirmed.sending(a, PARTITION);
    confirmed.acknowledged(a, PARTITION, 50);

    assertThat(value()).isZero();
    confirmed.settled(a);
    assertThat(value()).isEqualTo(51);
  }

  @Test
  void sending_settledAlready_holdsNothingBack() {
    Call<?> a = Calls.of(Clock.systemUTC(), Duration.ofSeconds(30), 1);
    a.end(new ClientClosedException());
    confirmed.settled(a);
    confirmed.sending(a, PARTITION);
    confirmed.acknowledged(a, PARTITION, 3);

    assertThat(value()).isEqualTo(4);
  }

  @Test
  void read_givesTheInboxPosition() {
    TopicPartition inbox = new TopicPartition("replies", 3);
    confirmed.read(inbox, 42);

    assertThat(confirmed.all()).containsEntry(inbox, 42L);
  }
}
