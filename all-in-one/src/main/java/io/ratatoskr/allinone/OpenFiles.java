package io.ratatoskr.allinone;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many files, sockets included, this process may have open. The JVM raises the soft limit to
 * the hard one by itself.
 *
 * @param limit the hard limit
 */
record OpenFiles(long limit) {
  /** A broker, a router and their clients have 400 to 500 open at once, before any load. */
  private static final long NEEDED = 1024;

  static OpenFiles ofThisProcess() {
    return new OpenFiles(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : Long.MAX_VALUE);
  }

  /**
   * Refuses a limit that is too low for everything in one process.
   *
   * @throws IllegalStateException saying how to raise it
   */
  void require() {
    if (limit < NEEDED) {
      throw new IllegalStateException(
          "a pipeline in this process needs %d open files, and the limit is %d: raise it with 'ulimit -n %1$d' (LimitNOFILE=%1$d in systemd, --ulimit nofile=%1$d in Docker)"
              .formatted(NEEDED, limit));
    }
  }
}
