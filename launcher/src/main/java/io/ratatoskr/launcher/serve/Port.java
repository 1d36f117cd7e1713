package io.ratatoskr.launcher.serve;

import picocli.CommandLine.TypeConversionException;

/**
 * A port that a user names.
 *
 * @param number 0 to 65535; 0 takes a free one where something listens
 */
public record Port(int number) {
  private static final int MOST = 65_535;

  /**
   * Reads an option's value.
   *
   * @throws TypeConversionException saying what is allowed
   */
  public static Port parse(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= MOST) {
        return new Port(number);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new TypeConversionException("must be a number from 0 to " + MOST + ", is " + text);
  }
}
