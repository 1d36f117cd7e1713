package io.ratatoskr.allinone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes the folder that a pipeline in this process keeps its data in. */
public final class PipelineFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineFolder.class);

  private PipelineFolder() {}

  /** Where the folder of a job with that output stands. */
  public static Path of(Path output) {
    return output.resolveSibling(output.getFileName() + ".pipeline");
  }

  /**
   * An empty folder beside a job's output, 0700. What a killed run left there goes: the job's
   * journal has its answers, and what was in flight is asked for again.
   */
  public static Path fresh(Path output) throws IOException {
    Path folder = of(output);
    delete(folder);
    return create(folder);
  }

  /** An empty folder, removed when the process ends. */
  public static Path temporary() throws IOException {
    Path folder;
    try {
      folder = Files.createTempDirectory("ratatoskr-");
    } catch (IOException e) {
      throw new IllegalStateException(
          "there is no room for temporary files in "
              + System.getProperty("java.io.tmpdir")
              + " ("
              + e
              + "); set TMPDIR to a folder that you may write to",
          e);
    }
    Thread removal = new Thread(() -> deleteQuietly(folder), "remove-data");
    Runtime.getRuntime().addShutdownHook(removal);
    return folder;
  }

  /** The folder, made 0700 where it is absent. */
  public static Path create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    if (Files.exists(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    if (folder.getParent() != null) {
      Files.createDirectories(folder.getParent());
    }
    return Files.getFileStore(folder.toAbsolutePath().getParent())
            .supportsFileAttributeView("posix")
        ? Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
        : Files.createDirectory(folder);
  }

  /** Removes the folder with what is in it; a failure is logged. Nothing where null. */
  public static void deleteQuietly(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      delete(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Could not remove {}: {}", folder, e.toString());
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
