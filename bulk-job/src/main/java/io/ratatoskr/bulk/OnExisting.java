package io.ratatoskr.bulk;

/** The choice of what happens where the output or an unfinished job is there already. */
public enum OnExisting {
  /** The job is refused. */
  REFUSE,
  /** The unfinished job goes on, or a new one begins; a finished output is left as it is. */
  RESUME,
  /** Begin anew; an existing output stays until the new one is whole. */
  OVERWRITE
}
