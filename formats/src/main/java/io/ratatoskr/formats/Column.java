package io.ratatoskr.formats;

/**
 * A column of the output, beside the id and the kept fields.
 *
 * @param name its name, in both formats
 * @param type type of its values
 */
public record Column(String name, Type type) {

  /** The types of a column's values. */
  public enum Type {
    /** A string. */
    TEXT,
    /** Several strings. */
    TEXTS,
    /** In JSON it stands only where it is set. */
    FLAG,
    /** A 32-bit number. */
    NUMBER,
    /** A 32-bit number, or none. */
    OPTIONAL_NUMBER,
    /** Several 32-bit numbers. */
    NUMBERS
  }

  /** The model that answered. */
  public static final Column MODEL = new Column("model", Type.TEXT);

  /** The answer in one word. */
  public static final Column LABEL = new Column("label", Type.TEXT);

  /** Whether the question was cut. */
  public static final Column TRUNCATED = new Column("truncated", Type.FLAG);

  /** A column of numbers. */
  public static Column number(String name) {
    return new Column(name, Type.NUMBER);
  }
}
