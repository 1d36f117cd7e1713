package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Calls for tests of what holds them. */
final class Calls {
  private static final Random RANDOM = new Random(1);

  /** The path of calls that are never sent. */
  static final Call.Path NOWHERE =
      new Call.Path() {
        @Override
        public void cancel(Call<?> call) {}

        @Override
        public void ended(Call<?> call, @Nullable RatatoskrException failure) {}

        @Override
        public void settled(Call<?> call) {}
      };

  private Calls() {}

  static Call<EmbedReply> of(Clock clock, Duration timeout, int bytes) {
    return of(clock, timeout, bytes, Parts.NONE, NOWHERE, Runnable::run);
  }

  static Call<EmbedReply> of(
      Clock clock, Duration timeout, int bytes, Parts parts, Call.Path path, Executor callbacks) {
    EmbedRequest request =
        EmbedRequest.of("m", "a").withOptions(RequestOptions.defaults().withTimeout(timeout));
    return new Call<>(
        record(clock, bytes),
        request.options(),
        clock.millis(),
        batch(request).reader(0),
        parts,
        path,
        callbacks);
  }

  static BatchCall<EmbedRequest, String, EmbedReply.ItemOutcome, EmbedReply> batch(
      EmbedRequest request) {
    return new BatchCall<>(new EmbedExchange(SchemaIds.derived()), request);
  }

  private static RequestRecord record(Clock clock, int bytes) {
    return new RequestRecord(
        Domain.DEFAULT,
        RequestHead.of(RequestId.next(clock, RANDOM), "m"),
        Capability.EMBED,
        Fingerprint.ofKey(new byte[Fingerprint.BYTES]),
        new byte[bytes],
        new EmbedExchange(SchemaIds.derived()).codec());
  }

  /** Ends the record of one part of a batch. */
  static <R extends BatchReply<?>> void end(
      BatchCall<?, ?, ?, R> batch, int part, RecordOutcome outcome) {
    Call<R> call =
        new Call<>(
            record(Clock.systemUTC(), 1),
            RequestOptions.defaults(),
            0,
            batch.reader(part),
            Parts.NONE,
            NOWHERE,
            Runnable::run);
    batch.join(part, call);
    call.end(() -> outcome);
  }
}
