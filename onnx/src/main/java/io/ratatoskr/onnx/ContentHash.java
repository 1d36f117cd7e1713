package io.ratatoskr.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes a SHA-256 part by part. */
final class ContentHash {
  private static final int SHORT_HEX_DIGITS = 16;

  private final MessageDigest digest;

  private ContentHash(MessageDigest digest) {
    this.digest = digest;
  }

  static ContentHash start() {
    try {
      return new ContentHash(MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256.", e);
    }
  }

  static String of(Path file) throws IOException {
    return start().add(file).hex();
  }

  ContentHash add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  ContentHash add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
    return this;
  }

  ContentHash add(Path file) throws IOException {
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return this;
  }

  /** All 64 hex digits. Ends this hash. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The first 16 hex digits. Ends this hash. */
  String shortHex() {
    return shortened(hex());
  }

  /** The first 16 of all 64 hex digits. */
  static String shortened(String hex) {
    return hex.substring(0, SHORT_HEX_DIGITS);
  }
}
