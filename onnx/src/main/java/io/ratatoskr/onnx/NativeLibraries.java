package io.ratatoskr.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime's native libraries, out of its jar in a folder that is kept. The runtime itself would
 * write them (28 MB and more) into a new folder of the system's for temporary files at each start,
 * and a process that is killed leaves them there.
 *
 * <p>The folder is named after its content and only its owner may enter it; a file appears in it
 * when it is whole, and is checked before each use. Many processes may share it.
 */
final class NativeLibraries {
  /** The runtime loads its libraries from here where this property is set. */
  static final String PATH_PROPERTY = "onnxruntime.native.path";

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);

  private NativeLibraries() {}

  /**
   * Tells the runtime to load its libraries from the cache. Does nothing where the property is set
   * already, or where this platform's libraries are not in a jar. Where the cache cannot be
   * written, the runtime extracts them as ever.
   */
  static synchronized void keepIn(ModelCache cache) {
    if (System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    try {
      Path folder = extract(cache.directory());
      if (folder != null) {
        System.setProperty(PATH_PROPERTY, folder.toString());
      }
    } catch (IOException e) {
      LOG.debug("The runtime's libraries are not kept in {}", cache.directory(), e);
    }
  }

  /** The folder with the libraries, or null where there is no jar with this platform's. */
  static @Nullable Path extract(Path cache) throws IOException {
    String platform = "ai/onnxruntime/native/" + platform() + "/";
    URL main =
        OrtEnvironment.class.getResource("/" + platform + System.mapLibraryName("onnxruntime"));
    URLConnection connection = main == null ? null : main.openConnection();
    if (!(connection instanceof JarURLConnection inJar)) {
      return null;
    }
    // Its own copy, since closing a shared one would close it for everybody.
    inJar.setUseCaches(false);
    try (JarFile jar = inJar.getJarFile()) {
      List<JarEntry> libraries =
          jar.stream()
              .filter(entry -> entry.getName().startsWith(platform))
              .filter(entry -> entry.getName().indexOf('/', platform.length()) < 0)
              .filter(entry -> !entry.isDirectory())
              .toList();
      Path folder = cache.resolve("onnxruntime-" + nameOf(libraries)).toAbsolutePath();
      if (!holds(folder, libraries)) {
        createPrivate(folder);
        try (FileChannel channel =
                FileChannel.open(
                    folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.lock()) {
          if (held.isValid() && !holds(folder, libraries)) {
            for (JarEntry library : libraries) {
              copy(jar, library, folder);
            }
          }
        }
      }
      return folder;
    }
  }

  private static String nameOf(List<JarEntry> libraries) {
    ContentHash hash = ContentHash.start();
    for (JarEntry library : libraries) {
      String line = library.getName() + ' ' + library.getSize() + ' ' + library.getCrc() + '\n';
      hash.add(line.getBytes(StandardCharsets.UTF_8));
    }
    return hash.shortHex();
  }

  private static boolean holds(Path folder, List<JarEntry> libraries) throws IOException {
    for (JarEntry library : libraries) {
      Path file = folder.resolve(fileName(library));
      if (!Files.isRegularFile(file)
          || Files.size(file) != library.getSize()
          || checksum(file) != library.getCrc()) {
        return false;
      }
    }
    return true;
  }

  private static long checksum(Path file) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.getChecksum().getValue();
    }
  }

  private static void createPrivate(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void copy(JarFile jar, JarEntry library, Path folder) throws IOException {
    Path part = folder.resolve(fileName(library) + ".part");
    try (InputStream in = jar.getInputStream(library)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(
        part,
        folder.resolve(fileName(library)),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String fileName(JarEntry library) {
    return library.getName().substring(library.getName().lastIndexOf('/') + 1);
  }

  /** The name of this platform's folder in the runtime's jar. */
  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux")
        + (arch.equals("amd64") || arch.equals("x86_64") ? "-x64" : "-" + arch);
  }
}
