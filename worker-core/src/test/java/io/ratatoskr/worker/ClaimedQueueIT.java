package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class ClaimedQueueIT extends WorkQueueContract {
  @Override
  WorkerConfig.QueueChoice queue() {
    return WorkerConfig.QueueChoice.CLAIMED;
  }
}
