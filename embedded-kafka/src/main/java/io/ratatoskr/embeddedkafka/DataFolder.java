package io.ratatoskr.embeddedkafka;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.BadDataFolder;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.DataFolderInUse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A broker's folder, held by this process alone until closed.
 *
 * <p>Kafka takes its own {@code .lock} only after the metadata log is open, when a second process
 * would already have touched it. So this class takes a lock of its own before anything else. POSIX
 * drops a process's locks on a file as soon as it closes any handle to it, hence the list of the
 * folders that this process holds: it keeps a second broker of this JVM away from the lock file.
 */
final class DataFolder implements AutoCloseable {
  private static final String LOCK_FILE = "embedded-kafka.lock";
  private static final Set<Path> HELD = new HashSet<>();

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes the folder where absent, with rights for its owner only, and locks it. */
  static DataFolder hold(Path folder) {
    Path path;
    try {
      path = make(folder);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable(folder, e);
    }
    synchronized (HELD) {
      if (!HELD.add(path)) {
        throw new DataFolderInUse(path);
      }
    }
    try {
      return new DataFolder(path, lock(path));
    } catch (IOException e) {
      forget(path);
      throw unusable(path, e);
    } catch (DataFolderInUse e) {
      forget(path);
      throw e;
    }
  }

  /** Deletes a folder that no broker holds; one that no broker has written to is left alone. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.exists(folder.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      throw new BadDataFolder(
          folder,
          "it is no broker's (it has no "
              + MetaPropertiesEnsemble.META_PROPERTIES_NAME
              + "), so it is not deleted.",
          null);
    }
    try (DataFolder held = hold(folder)) {
      for (Path path : deepestFirst(held.path)) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static List<Path> deepestFirst(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static Path make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path absolute = folder.toAbsolutePath();
      Path parent = absolute.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (absolute.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            absolute,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(absolute);
      }
    }
    return folder.toRealPath();
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new DataFolderInUse(path);
    }
    return channel;
  }

  private static BadDataFolder unusable(Path folder, Exception e) {
    String problem =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getClass().getSimpleName();
    return new BadDataFolder(folder, problem + ". Choose a folder that this user can write to.", e);
  }

  Path path() {
    return path;
  }

  /** Writes a new cluster's identity where there is none; otherwise the folder stays as it is. */
  void formatIfNew(int nodeId, String controllerListener) {
    if (Files.exists(path.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(nodeId)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(controllerListener)
          .addDirectory(path.toString())
          .setMetadataLogDirectory(path.toString())
          .run();
    } catch (Exception e) {
      throw new BadDataFolder(path, "a new broker's files could not be written there", e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw unusable(path, e);
    } finally {
      forget(path);
    }
  }

  private static void forget(Path path) {
    synchronized (HELD) {
      HELD.remove(path);
    }
  }
}
