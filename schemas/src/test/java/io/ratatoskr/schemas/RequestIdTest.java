package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RequestIdTest {
  @Property
  void next_isOfVersion7_holdsTheTime_andRoundTrips(
      @ForAll @LongRange(min = 0, max = (1L << 48) - 1) long millis, @ForAll long seed) {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);

    RequestId id = RequestId.next(clock, new Random(seed));

    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.madeMs()).hasValue(millis);
    assertThat(new RequestId(new UUID(4L << 12, seed)).madeMs()).isEmpty();
    assertThat(RequestId.parse(id.toString())).isEqualTo(id);
  }
}
