package io.ratatoskr.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The bytes that a token of a {@code tokenizer.json} stands for, as its vocabulary writes them.
 * Byte-level vocabularies write each byte as one character, by GPT-2's alphabet; those of
 * SentencePiece write a space as {@code ▁} and a byte that is no character as {@code <0xF0>}.
 */
enum TokenBytes {
  BYTE_LEVEL {
    @Override
    byte[] of(String token) {
      byte[] bytes = new byte[token.length()];
      for (int i = 0; i < bytes.length; i++) {
        int value = Alphabet.valueOf(token.charAt(i));
        if (value < 0) {
          // A token that was added to the vocabulary is written as it is.
          return token.getBytes(StandardCharsets.UTF_8);
        }
        bytes[i] = (byte) value;
      }
      return bytes;
    }
  },
  CHARACTERS {
    @Override
    byte[] of(String token) {
      Matcher single = SINGLE_BYTE.matcher(token);
      return single.matches()
          ? new byte[] {(byte) Integer.parseInt(single.group(1), 16)}
          : token.replace('▁', ' ').getBytes(StandardCharsets.UTF_8);
    }
  };

  private static final Pattern SINGLE_BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

  static TokenBytes of(JsonNode file) {
    return asksForByteLevel(file.path("pre_tokenizer")) || asksForByteLevel(file.path("decoder"))
        ? BYTE_LEVEL
        : CHARACTERS;
  }

  private static boolean asksForByteLevel(JsonNode step) {
    return step.findValuesAsString("type").contains("ByteLevel");
  }

  abstract byte[] of(String token);

  List<byte[]> of(String[] tokens) {
    return Arrays.stream(tokens).map(this::of).toList();
  }

  /** Printable bytes stand for themselves, the others for the characters from U+0100 on. */
  private static final class Alphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final int[] SUBSTITUTED =
        java.util.stream.IntStream.range(0, 0x100).filter(value -> !printable(value)).toArray();

    static boolean printable(int value) {
      return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
    }

    /** The byte, or -1 for a character outside the alphabet. */
    static int valueOf(char written) {
      if (written < FIRST_SUBSTITUTE) {
        return printable(written) ? written : -1;
      }
      int index = written - FIRST_SUBSTITUTE;
      return index < SUBSTITUTED.length ? SUBSTITUTED[index] : -1;
    }
  }
}
