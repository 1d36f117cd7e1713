package io.ratatoskr.nli;

import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.LostProcessContract;
import io.ratatoskr.worker.WorkQueueContract;
import io.ratatoskr.worker.WorkerConfig.QueueChoice;
import org.junit.jupiter.api.Nested;

/** The contract of a worker, with the real engine and both ways of taking work. */
@WithKafka(ownBroker = true)
class NliContractIT {

  @Nested
  class SharedQueue extends WorkQueueContract {
    SharedQueue() {
      super(new NliWork(), QueueChoice.SHARED);
    }
  }

  @Nested
  class ClaimedQueue extends WorkQueueContract {
    ClaimedQueue() {
      super(new NliWork(), QueueChoice.CLAIMED);
    }
  }

  @Nested
  class SharedQueueLostProcess extends LostProcessContract {
    SharedQueueLostProcess() {
      super(new NliWork(), QueueChoice.SHARED);
    }
  }

  @Nested
  class ClaimedQueueLostProcess extends LostProcessContract {
    ClaimedQueueLostProcess() {
      super(new NliWork(), QueueChoice.CLAIMED);
    }
  }
}
