package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/** Calls for tests of what holds them. */
final class Calls {
  private static final Random RANDOM = new Random(1);

  private Calls() {}

  static PendingCall of(Clock clock, Duration timeout, int bytes) {
    RequestId id = RequestId.next(clock, RANDOM);
    return new PendingCall(
        new RequestRecord(
            RequestHead.of(id, "m"),
            Capability.EMBED,
            Fingerprint.ofKey(new byte[Fingerprint.BYTES]),
            new byte[bytes],
            new EmbedExchange(SchemaIds.derived()).codec()),
        RequestOptions.defaults().withTimeout(timeout),
        clock.millis(),
        outcome -> {});
  }
}
