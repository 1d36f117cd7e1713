package io.ratatoskr.retrieval;

import io.ratatoskr.retrieval.RetrievalException.CorpusUnusable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of a corpus' index. What is built stands in a folder named after the content of both
 * files, so that changed files are indexed anew and a copy is not; what belongs to other content
 * goes. Parts are built under another name and renamed when whole, by one process at a time.
 */
final class IndexFolder {
  /** Changes when an index that an older version built can no longer be used. */
  private static final String VERSION = "1";

  private static final Object IN_THIS_PROCESS = new Object();

  private final Path folder;
  private final Path content;

  private IndexFolder(Path folder, Path content) {
    this.folder = folder;
    this.content = content;
  }

  /** Builds a part of the index into an empty folder. */
  interface Builder {
    void build(Path into) throws IOException;
  }

  static IndexFolder of(CorpusConfig config) throws IOException {
    Files.createDirectories(config.folder());
    Path notes = config.folder().resolve("files.json");
    ObjectNode known = read(notes);
    ObjectNode now = JsonMapper.shared().createObjectNode();
    // An array of JSON, so that no other fields read the same.
    byte[] identity =
        JsonMapper.shared()
            .writeValueAsBytes(
                List.of(
                    VERSION,
                    hash(config.vectors(), known, now),
                    hash(config.texts(), known, now),
                    config.textField(),
                    config.idField()));
    if (!now.equals(known)) {
      Path fresh = Files.createTempFile(config.folder(), "files", ".new");
      Files.write(fresh, JsonMapper.shared().writeValueAsBytes(now));
      Files.move(fresh, notes, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    String key = hex(sha256().digest(identity)).substring(0, 16);
    return new IndexFolder(config.folder(), config.folder().resolve("content-" + key));
  }

  private static ObjectNode read(Path notes) {
    try {
      JsonNode node = JsonMapper.shared().readTree(Files.readAllBytes(notes));
      return node.isObject() ? (ObjectNode) node : JsonMapper.shared().createObjectNode();
    } catch (IOException | JacksonException e) {
      return JsonMapper.shared().createObjectNode();
    }
  }

  /** A file's SHA-256; noted with size and time, so that the same file is not read again. */
  private static String hash(Path file, ObjectNode known, ObjectNode now) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CorpusUnusable("there is no file " + file, null);
    }
    String stamp = Files.size(file) + " " + Files.getLastModifiedTime(file);
    JsonNode note = known.path(file.toString());
    String hash =
        note.path("stamp").asString("").equals(stamp)
            ? note.path("sha256").asString("")
            : sha256(file);
    now.putObject(file.toString()).put("stamp", stamp).put("sha256", hash);
    return hash;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
      byte[] buffer = new byte[1 << 20];
      while (in.read(buffer) >= 0) {
        // The digest takes what passes.
      }
      return hex(((DigestInputStream) in).getMessageDigest().digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A part of the index, built where it is not there yet. */
  Path part(String name, Builder builder) throws IOException {
    Path part = content.resolve(name);
    if (Files.isDirectory(part)) {
      return part;
    }
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel lockFile =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = lockFile.lock()) {
        if (!Files.isDirectory(part)) {
          deleteOthers();
          Path building = folder.resolve("building");
          delete(building);
          Files.createDirectories(building);
          builder.build(building);
          Files.createDirectories(content);
          Files.move(building, part, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return part;
  }

  private void deleteOthers() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith("content-") && !entry.equals(content)) {
          delete(entry);
        }
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
