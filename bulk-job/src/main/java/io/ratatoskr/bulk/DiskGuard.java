package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.DiskFull;
import io.ratatoskr.client.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ends a job before the output's disk has less free space than the job's limits ask for. Used by
 * the job's thread only.
 */
final class DiskGuard {
  private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path folder;
  private final long minFreeBytes;
  private final UsableSpace freeSpace;
  private final Time time;
  private @Nullable Long looked;

  DiskGuard(JobConfig config, BulkJob.Surroundings surroundings) {
    this.folder = Objects.requireNonNull(config.output().getParent());
    this.minFreeBytes = config.limits().minFreeBytes();
    this.freeSpace = surroundings.freeSpace();
    this.time = surroundings.time();
  }

  /** Whether it is time to look: at first, and when the last look was a second ago. */
  boolean isDue() {
    return looked == null || time.nanos() - looked >= PERIOD_NANOS;
  }

  /**
   * Looks at the disk.
   *
   * @throws DiskFull if less is free than must be kept
   */
  void look() throws IOException {
    looked = time.nanos();
    long usable = freeSpace.usableBytes(folder);
    if (usable < minFreeBytes) {
      throw new DiskFull(
          "the disk of %s has %,d MiB left, less than the %,d MiB to keep free; make room and resume the job"
              .formatted(folder, usable >> 20, minFreeBytes >> 20),
          null);
    }
  }
}
