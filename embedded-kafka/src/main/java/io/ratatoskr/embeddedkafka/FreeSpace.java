package io.ratatoskr.embeddedkafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how much disk is left. */
@FunctionalInterface
public interface FreeSpace {

  /** Bytes that this process can still write, at least 0. */
  long usableBytes() throws IOException;

  /** The free space of the file system that holds {@code folder}, quotas not counted. */
  static FreeSpace of(Path folder) {
    return () -> Files.getFileStore(folder).getUsableSpace();
  }
}
