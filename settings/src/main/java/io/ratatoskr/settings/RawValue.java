package io.ratatoskr.settings;

import java.util.List;
import java.util.Map;

/** The value that a key was given, before it is read. */
public sealed interface RawValue {

  /** One text, number or truth value, as text. */
  record Text(String text) implements RawValue {
    @Override
    public String toString() {
      return text;
    }
  }

  /** Several texts. */
  record Many(List<String> texts) implements RawValue {
    public Many {
      texts = List.copyOf(texts);
    }

    @Override
    public String toString() {
      return texts.toString();
    }
  }

  /** Texts by name, the part of a key behind that of the table. */
  record Table(Map<String, String> texts) implements RawValue {
    public Table {
      texts = Map.copyOf(texts);
    }

    @Override
    public String toString() {
      return texts.toString();
    }
  }
}
