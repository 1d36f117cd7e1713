package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class SharedQueueIT extends HashQueueContract {
  SharedQueueIT() {
    super(WorkerConfig.QueueChoice.SHARED);
  }
}
