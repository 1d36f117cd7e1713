package io.ratatoskr.bench;

import io.ratatoskr.bulk.Progress;
import io.ratatoskr.bulk.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Heap and data folder of a running job, read when it has done certain shares of its lines. The
 * folder is looked at twice a second as well, for its peak.
 */
final class Curve implements ProgressListener, AutoCloseable {
  private static final long MIB = 1 << 20;

  /**
   * One reading.
   *
   * @param percent of the lines that are done
   * @param heapMiB in use after a collection
   * @param folderMiB of the data folder now
   * @param peakMiB the most that the folder has held since the reading before
   * @param rate lines a second since the reading before
   */
  record Reading(int percent, long heapMiB, long folderMiB, long peakMiB, double rate) {}

  private final Path folder;
  private final long lines;
  private final List<Integer> marks;
  private final List<Reading> readings = new ArrayList<>();
  private final AtomicLong peak = new AtomicLong();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private long lastDone;
  private long lastNanos = System.nanoTime();

  Curve(Path folder, long lines, List<Integer> marks) {
    this.folder = folder;
    this.lines = lines;
    this.marks = new ArrayList<>(marks);
    var _ =
        watch.scheduleWithFixedDelay(
            () -> peak.accumulateAndGet(size(folder), Math::max), 0, 500, TimeUnit.MILLISECONDS);
  }

  @Override
  public void progress(Progress progress) {
    while (!marks.isEmpty() && progress.done() * 100 >= lines * marks.getFirst()) {
      read(marks.removeFirst(), progress.done());
    }
  }

  private void read(int percent, long done) {
    long now = System.nanoTime();
    double rate = (done - lastDone) / ((now - lastNanos) / 1e9);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    long size = size(folder);
    long most = Math.max(size, peak.getAndSet(0));
    readings.add(new Reading(percent, heap / MIB, size / MIB, most / MIB, rate));
    lastDone = done;
    lastNanos = System.nanoTime();
  }

  List<Reading> readings() {
    return readings;
  }

  /** Bytes of all files that are still there when they are looked at. */
  static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(Curve::sizeOfFile).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // A segment was deleted while it was listed; the next look counts.
    }
  }

  private static long sizeOfFile(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
