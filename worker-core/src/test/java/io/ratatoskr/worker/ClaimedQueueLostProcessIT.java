package io.ratatoskr.worker;

import io.ratatoskr.testkit.WithKafka;

@WithKafka(ownBroker = true)
class ClaimedQueueLostProcessIT extends LostProcessContract {
  @Override
  WorkerConfig.QueueChoice queue() {
    return WorkerConfig.QueueChoice.CLAIMED;
  }

  @Override
  int processesThatPoisonEnds() {
    return 1;
  }
}
