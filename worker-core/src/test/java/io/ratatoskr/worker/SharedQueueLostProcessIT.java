package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class SharedQueueLostProcessIT extends LostProcessContract {
  @Override
  WorkerConfig.QueueChoice queue() {
    return WorkerConfig.QueueChoice.SHARED;
  }

  @Override
  int processesThatPoisonEnds() {
    return 2;
  }
}
