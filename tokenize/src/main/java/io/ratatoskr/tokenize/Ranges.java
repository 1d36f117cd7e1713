package io.ratatoskr.tokenize;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the tokens of a {@code tokenizer.json} lie in a text, in bytes.
 *
 * <p>Where the bytes that the tokens stand for are the text, the ranges follow from them exactly.
 * Elsewhere (accents removed, case folded) the tokenizer says which characters each token came
 * from. Several tokens may then have come from one character: they share its bytes out if they have
 * as many as it, else each has the range of all of it.
 */
final class Ranges {
  private final int[] starts;
  private final int[] ends;

  private Ranges(int tokens) {
    starts = new int[tokens];
    ends = new int[tokens];
  }

  static Ranges of(@Nullable CharSpan[] spans, List<byte[]> tokens, Utf8Text text) {
    Ranges ranges = new Ranges(tokens.size());
    if (!ranges.layBehindEachOther(tokens, text)) {
      ranges.follow(spans, text.starts());
      ranges.shareCharactersOut(tokens);
    }
    return ranges;
  }

  private boolean layBehindEachOther(List<byte[]> tokens, Utf8Text text) {
    int at = 0;
    for (int i = 0; i < starts.length; i++) {
      byte[] token = tokens.get(i);
      if (i == 0 && !text.holds(token, 0) && token.length > 0 && token[0] == ' ') {
        // Many tokenizers put a space before the text, which is not the text's.
        token = Arrays.copyOfRange(token, 1, token.length);
      }
      if (!text.holds(token, at)) {
        return false;
      }
      starts[i] = at;
      at += token.length;
      ends[i] = at;
    }
    return at == text.length();
  }

  private void follow(@Nullable CharSpan[] spans, int[] characters) {
    int end = 0;
    for (int i = 0; i < starts.length; i++) {
      CharSpan span = spans[i];
      starts[i] = span == null ? end : characters[span.getStart()];
      ends[i] = span == null ? end : characters[span.getEnd()];
      end = ends[i];
    }
  }

  private void shareCharactersOut(List<byte[]> tokens) {
    int first = 0;
    while (first < starts.length) {
      int end = ends[first];
      int bytes = tokens.get(first).length;
      int next = first + 1;
      while (next < starts.length && starts[next] < end) {
        end = Math.max(end, ends[next]);
        bytes += tokens.get(next++).length;
      }
      if (next - first > 1 && bytes == end - starts[first]) {
        int at = starts[first];
        for (int i = first; i < next; i++) {
          starts[i] = at;
          at += tokens.get(i).length;
          ends[i] = at;
        }
      }
      first = next;
    }
  }

  int start(int token) {
    return starts[token];
  }

  int end(int token) {
    return ends[token];
  }
}
