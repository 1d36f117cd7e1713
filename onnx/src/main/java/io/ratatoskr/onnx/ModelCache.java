package io.ratatoskr.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;

/**
 * A folder with models out of jars. The runtime reads weights from a file, so that they never lie
 * on the Java heap. A file appears under its name only when whole, is checked against its hash
 * before each use and written again when it differs; many processes may share the folder.
 *
 * @param directory created when missing
 */
public record ModelCache(Path directory) {
  private static final Object IN_THIS_PROCESS = new Object();

  /**
   * The usual place: {@code RATATOSKR_CACHE_DIR}, else {@code .cache/ratatoskr/models} under the
   * user's home, else, for a user without one, {@code ratatoskr-USER/models} among the temporary
   * files.
   */
  public static ModelCache standard() {
    return standard(
        System.getenv(),
        Path.of(System.getProperty("user.home", "?")),
        Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /** Java says {@code ?} where a user has no home. */
  static ModelCache standard(Map<String, String> environment, Path home, Path temporary) {
    String configured = environment.getOrDefault("RATATOSKR_CACHE_DIR", "");
    if (!configured.isBlank()) {
      return new ModelCache(Path.of(configured));
    }
    return new ModelCache(
        home.isAbsolute()
            ? home.resolve(".cache/ratatoskr/models")
            : ownFolder(temporary).resolve("models"));
  }

  /** A folder that nobody else can write to; the same one each time, unless somebody took it. */
  private static Path ownFolder(Path temporary) {
    try {
      UserPrincipal me = Files.getOwner(Path.of("/proc/self"));
      Path folder = temporary.resolve("ratatoskr-" + me.getName());
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Path made = Files.createTempDirectory(temporary, "ratatoskr-");
        return Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
      }
      boolean mine =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(me)
              && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                  .equals("rwx------");
      return mine ? folder : Files.createTempDirectory(temporary, "ratatoskr-");
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.CACHE,
          "This user has no home folder, and %s cannot hold a model cache (%s). Set HOME, or name a folder in RATATOSKR_CACHE_DIR."
              .formatted(temporary, e),
          e);
    }
  }

  /**
   * Finds or makes {@code name} in the cache from a resource with this content.
   *
   * @param name may have folders in it
   */
  Path file(String name, String resource, long size, String sha256) {
    Path target = directory.resolve(name);
    try {
      if (holds(target, size, sha256)) {
        return target;
      }
      Files.createDirectories(target.toAbsolutePath().getParent());
      extract(target, resource, size, sha256);
      return target;
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.CACHE,
          "Cannot keep %s in the model cache %s (%s). Free space there, or name another folder in RATATOSKR_CACHE_DIR."
              .formatted(name, directory, e),
          e);
    }
  }

  /** Hashes that earlier starts computed. */
  HashMemo hashes() {
    return new HashMemo(directory.resolve("hashes"));
  }

  private boolean holds(Path file, long size, String sha256) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == size
        && hashes().sha256(List.of(file)).equals(sha256);
  }

  private void extract(Path target, String resource, long size, String sha256) throws IOException {
    // A file lock holds between processes, not between threads of one.
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel =
              FileChannel.open(
                  target.resolveSibling(target.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !holds(target, size, sha256)) {
          Path part = target.resolveSibling(target.getFileName() + ".part");
          copy(resource, part, sha256);
          Files.move(
              part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void copy(String resource, Path part, String sha256) throws IOException {
    ContentHash hash = ContentHash.start();
    try (InputStream in = ModelCache.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ModelLoadException(
            ModelLoadException.Reason.MISSING_FILE,
            "%s is not on the class path: add the jar with this built-in model."
                .formatted(resource));
      }
      try (OutputStream out = Files.newOutputStream(part)) {
        byte[] chunk = new byte[1 << 16];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          hash.add(chunk, read);
          out.write(chunk, 0, read);
        }
      }
    }
    if (!hash.hex().equals(sha256)) {
      Files.delete(part);
      throw new ModelLoadException(
          ModelLoadException.Reason.CACHE,
          "%s on the class path is another version than this release was built for (SHA-256 %s was expected)."
              .formatted(resource, sha256));
    }
  }
}
