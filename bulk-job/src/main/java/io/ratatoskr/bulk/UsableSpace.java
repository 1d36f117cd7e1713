package io.ratatoskr.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how much may still be written to the disk of a folder. */
@FunctionalInterface
public interface UsableSpace {
  /** Bytes that may still be written. */
  long usableBytes(Path folder) throws IOException;

  /** The file system's own reading. */
  static UsableSpace ofFileSystem() {
    return folder -> Files.getFileStore(folder).getUsableSpace();
  }
}
