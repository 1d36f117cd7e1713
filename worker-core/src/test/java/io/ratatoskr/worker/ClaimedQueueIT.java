package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class ClaimedQueueIT extends HashQueueContract {
  ClaimedQueueIT() {
    super(WorkerConfig.QueueChoice.CLAIMED);
  }
}
