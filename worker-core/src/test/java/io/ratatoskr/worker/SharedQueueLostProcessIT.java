package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class SharedQueueLostProcessIT extends HashLostProcessContract {
  SharedQueueLostProcessIT() {
    super(WorkerConfig.QueueChoice.SHARED, 2);
  }
}
