package io.ratatoskr.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Hashes of files that were hashed before. A start compares sizes and CRC-32C, which every
 * processor computes at gigabytes a second from the first call on; SHA-256 of a model takes a start
 * most of a second, and several where it is large.
 *
 * <p>What it guards against is damage and exchange, not an attacker: who can write here can write
 * the files as well.
 *
 * @param folder made when there is something to remember; where it cannot be written, nothing is
 */
record HashMemo(Path folder) {
  private static final int HEX_DIGITS = 64;

  /** SHA-256 over the content of these files, one after the other, in hex. */
  String sha256(List<Path> files) throws IOException {
    StringBuilder sums = new StringBuilder();
    for (Path file : files) {
      sums.append(Files.size(file)).append(' ').append(crc32c(file)).append('\n');
    }
    Path known =
        folder.resolve(
            ContentHash.start().add(sums.toString().getBytes(StandardCharsets.UTF_8)).shortHex());
    Optional<String> remembered = read(known);
    if (remembered.isPresent()) {
      return remembered.get();
    }
    ContentHash hash = ContentHash.start();
    for (Path file : files) {
      hash.add(file);
    }
    String computed = hash.hex();
    remember(known, computed);
    return computed;
  }

  private static long crc32c(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        sum.update(chunk, 0, read);
      }
    }
    return sum.getValue();
  }

  private static Optional<String> read(Path known) {
    try {
      String text = Files.readString(known, StandardCharsets.ISO_8859_1).strip();
      return text.length() == HEX_DIGITS ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void remember(Path known, String hash) {
    try {
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, "hash-", ".part");
      Files.writeString(fresh, hash + "\n");
      Files.move(fresh, known, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The next start computes it again.
    }
  }
}
