package io.ratatoskr.worker;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.Chunk;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.schemas.wire.WorkerStatus;

/** The codecs of the records that a worker reads and writes, whatever its engine. */
record WorkerCodecs(
    Codec<WorkItem> work,
    Codec<WorkResult> results,
    Codec<Chunk> chunks,
    Codec<WorkerStatus> heartbeats,
    Codec<DeadLetter> deadLetters,
    Codec<Abort> aborts) {

  /**
   * Asks for the ids of their schemas.
   *
   * @throws io.ratatoskr.schemas.SchemaRegistryException if a registry gives them none
   */
  static WorkerCodecs of(SchemaIds ids) {
    return new WorkerCodecs(
        Codec.of(WorkItem.class, ids),
        Codec.of(WorkResult.class, ids),
        Codec.of(Chunk.class, ids),
        Codec.of(WorkerStatus.class, ids),
        Codec.of(DeadLetter.class, ids),
        Codec.of(Abort.class, ids));
  }
}
