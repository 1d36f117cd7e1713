package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class ClaimedQueueLostProcessIT extends HashLostProcessContract {
  ClaimedQueueLostProcessIT() {
    super(WorkerConfig.QueueChoice.CLAIMED, 1);
  }
}
