package io.ratatoskr.formats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the output.
 *
 * @param id its id
 * @param values one for each column, in their order
 * @param kept the fields carried along, in the order of their names
 */
public record Row(Line.Id id, List<Value> values, List<@Nullable String> kept) {
  // Spelt out: a compact constructor's class file would not say that kept fields may be null.
  public Row(Line.Id id, List<Value> values, List<@Nullable String> kept) {
    this.id = id;
    this.values = List.copyOf(values);
    this.kept = new ArrayList<>(kept); // List.copyOf takes no nulls
  }
}
