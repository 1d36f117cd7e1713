package io.ratatoskr.formats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line of the input: what becomes one row or one error line. */
public sealed interface Line {

  /** Its number, from 1; of a record over several lines, that of the first. */
  long number();

  /**
   * A line that is asked about.
   *
   * @param number of the line, from 1
   * @param id its id
   * @param question what its fields hold, in their order
   * @param bytes length of that in UTF-8
   * @param kept the fields carried along, in the order of the configuration
   */
  record Good(long number, Id id, List<String> question, int bytes, List<@Nullable String> kept)
      implements Line {
    public Good {
      question = List.copyOf(question);
      kept = new ArrayList<>(kept); // List.copyOf takes no nulls
    }
  }

  /** A line of which nothing can be asked. */
  record Bad(long number, Optional<Id> id, Refusal refusal) implements Line {}

  /** An id as given: a string, or a number in the digits of the input. */
  record Id(String value, boolean number) {}

  /**
   * The reason why a line has no row.
   *
   * @param code name of the error, as the pipeline has it
   */
  record Refusal(String code, String reason) {
    /** Code of a line that is broken or incomplete. */
    public static final String INVALID_INPUT = "InvalidInput";

    /** Code of a line or a question that is too long. */
    public static final String TOO_LARGE = "TooLarge";

    public Refusal {
      // A reason may quote the input, half a surrogate pair included.
      reason = new String(reason.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
  }

  /**
   * Length in UTF-8.
   *
   * @return bytes, or -1 if a surrogate stands alone, which UTF-8 cannot express
   */
  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        return -1;
      }
    }
    return bytes;
  }
}
