package io.ratatoskr.formats;

import java.util.List;

/** One cell of a row, of the type that its {@link Column} has. */
public sealed interface Value {

  /** A string. */
  record Text(String text) implements Value {}

  /** Yes or no. */
  record Flag(boolean set) implements Value {}

  /** A number. */
  record Real(float number) implements Value {}

  /** No number, where a model has none to give. */
  record NoReal() implements Value {}

  /** Several numbers; shared, not to be changed. */
  @SuppressWarnings("ArrayRecordComponent") // vectors are large; equality is not asked of them
  record Reals(float[] numbers) implements Value {}

  /** Several strings. */
  record Texts(List<String> texts) implements Value {}
}
