package io.ratatoskr.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.WorkItem;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AbortsTest {
  private static final Fingerprint ONE = Fingerprint.ofKey(new byte[Fingerprint.BYTES]);

  private final Aborts aborts = new Aborts();

  private static Delivery delivery(Lane lane, int generation, int attempt, @Nullable JobEpoch job) {
    WorkItem item =
        WorkItem.newBuilder()
            .setGeneration(generation)
            .setAttempt(attempt)
            .setLink(0)
            .setSource(new Source(Topics.requests(Domain.DEFAULT, lane, Capability.EMBED), 0, 1L))
            .setCapability("embed")
            .setModel("m")
            .setTenant("")
            .setDeadlineMs(1)
            .setQueueUntilMs(1)
            .setBudgetMs(1)
            .setDispatchedMs(1)
            .setJob(job == null ? null : job.job())
            .setJobEpoch(job == null ? 0 : job.epoch())
            .build();
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("work", 0, 0, ONE.toKey(), new byte[0]);
    return new Delivery(record, item, lane, "x", 0, null);
  }

  private boolean covers(Lane lane, int generation, int attempt) {
    return aborts.covers(delivery(lane, generation, attempt, null));
  }

  private boolean covers(Lane lane, JobEpoch job) {
    return aborts.covers(delivery(lane, 1, 1, job));
  }

  @Test
  void flight_itsAttemptsSoFar_ofThatGenerationAndLane() {
    aborts.flight(Lane.BULK, ONE, 2, 3);

    assertThat(covers(Lane.BULK, 2, 3)).isTrue();
    assertThat(covers(Lane.BULK, 2, 1)).isTrue();
    assertThat(covers(Lane.BULK, 2, 4)).isFalse();
    assertThat(covers(Lane.BULK, 3, 1)).isFalse();
    assertThat(covers(Lane.INTERACTIVE, 2, 3)).isFalse();
  }

  @Test
  void flight_anEarlierAttemptAfterALaterOne_takesNothingBack() {
    aborts.flight(Lane.BULK, ONE, 1, 3);
    aborts.flight(Lane.BULK, ONE, 1, 1);

    assertThat(covers(Lane.BULK, 1, 3)).isTrue();
  }

  @Test
  void job_itsRunsSoFar_ofThatDomainAndLane() {
    aborts.job(Lane.BULK, Domain.DEFAULT, new JobEpoch("corpus", 5));
    aborts.job(Lane.BULK, new Domain("other"), new JobEpoch("elsewhere", 5));

    assertThat(covers(Lane.BULK, new JobEpoch("corpus", 5))).isTrue();
    assertThat(covers(Lane.BULK, new JobEpoch("corpus", 0))).isTrue();
    assertThat(covers(Lane.BULK, new JobEpoch("corpus", 6))).isFalse();
    assertThat(covers(Lane.INTERACTIVE, new JobEpoch("corpus", 5))).isFalse();
    assertThat(covers(Lane.BULK, new JobEpoch("elsewhere", 5))).isFalse();
    assertThat(covers(Lane.BULK, 1, 1)).isFalse();
  }

  @Test
  void listen_isCalledWithEach() {
    AtomicInteger calls = new AtomicInteger();
    aborts.listen(calls::incrementAndGet);
    aborts.flight(Lane.BULK, ONE, 1, 1);
    aborts.job(Lane.BULK, Domain.DEFAULT, new JobEpoch("corpus", 5));

    assertThat(calls).hasValue(2);
  }

  @Test
  void manyFlights_theOldestIsForgotten() {
    aborts.flight(Lane.BULK, ONE, 1, 1);
    for (int i = 2; i <= 100_001; i++) {
      aborts.flight(Lane.BULK, ONE, i, 1);
    }

    assertThat(covers(Lane.BULK, 1, 1)).isFalse();
    assertThat(covers(Lane.BULK, 100_001, 1)).isTrue();
  }
}
