package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.ErrorRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that it may instantiate the generated classes. From 1.12.2 on it refuses classes that
 * nobody vouched for, since a schema from outside could name any; it asks one predicate for the
 * whole JVM, which is extended here and otherwise left as it is.
 */
final class TrustedClasses {
  private static final String PACKAGE = ErrorRecord.class.getPackageName();

  static {
    ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(others, type -> type.getPackageName().equals(PACKAGE)));
  }

  private TrustedClasses() {}

  /** Does it once, when this class is loaded. */
  static void declare() {}
}
