package io.ratatoskr.bulk;

/**
 * A column of the output, beside the id and the kept fields.
 *
 * @param name its name, in both formats
 * @param type type of its values
 */
record Column(String name, Type type) {

  /** What a column's values are. */
  enum Type {
    TEXT,
    TEXTS,
    /** In JSON it stands only where it is set. */
    FLAG,
    NUMBER,
    OPTIONAL_NUMBER,
    NUMBERS
  }

  static final Column MODEL = new Column("model", Type.TEXT);
  static final Column LABEL = new Column("label", Type.TEXT);
  static final Column TRUNCATED = new Column("truncated", Type.FLAG);

  static Column number(String name) {
    return new Column(name, Type.NUMBER);
  }
}
