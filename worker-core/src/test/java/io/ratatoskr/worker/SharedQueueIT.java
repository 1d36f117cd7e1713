package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class SharedQueueIT extends WorkQueueContract {
  @Override
  WorkerConfig.QueueChoice queue() {
    return WorkerConfig.QueueChoice.SHARED;
  }
}
