package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * The special tokens that a tokenizer puts around the content of every text.
 *
 * @param lead how many before it
 * @param trail how many after it
 */
record Frame(int lead, int trail) {

  int size() {
    return lead + trail;
  }

  /** The longest beginning of the content that fits, inside the whole frame. */
  Encoded truncate(Encoded text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    return text.cut(lead, lead, lead + requireRoom(limit), trail);
  }

  /** As few parts as possible, of nearly equal length, each inside a whole frame. */
  List<Encoded> split(Encoded text, int limit) {
    if (text.length() <= limit) {
      return List.of(text);
    }
    int content = text.length() - size();
    int parts = Math.ceilDiv(content, requireRoom(limit));
    List<Encoded> split = new ArrayList<>(parts);
    int from = lead;
    for (int part = 1; part <= parts; part++) {
      int to = lead + (int) ((long) content * part / parts);
      split.add(text.cut(lead, from, to, trail));
      from = to;
    }
    return split;
  }

  private int requireRoom(int limit) {
    int room = limit - size();
    if (room < 1) {
      throw new IllegalArgumentException(
          "A limit of %d tokens leaves no room beside %d special ones.".formatted(limit, size()));
    }
    return room;
  }
}
