package io.ratatoskr.schemas;

import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes.LogicalTypeFactory;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells Avro that it may instantiate the generated classes. From 1.12.2 on it refuses classes that
 * nobody vouched for, since a schema from outside could name any; it asks one predicate for the
 * whole JVM, which is extended here and otherwise left as it is.
 *
 * <p>It has to be done before the first builder fills in a default. Avro loads the factories of
 * logical types as services when the first schema is parsed, which is in the generated classes' own
 * initialisers; so this is one, for a type that no schema uses.
 */
public final class TrustedClasses implements LogicalTypeFactory {
  private static final String RECORDS = "io.ratatoskr.schemas.wire";
  private static final Set<String> ENUMS =
      Set.of("io.ratatoskr.schemas", "io.ratatoskr.schemas.chat");

  static {
    ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            others,
            type ->
                type.getPackageName().equals(RECORDS)
                    || (type.isEnum() && ENUMS.contains(type.getPackageName()))));
  }

  /** For Avro. */
  public TrustedClasses() {}

  /** Does it once, when this class is loaded, where services are out of Avro's sight. */
  static void declare() {}

  @Override
  public String getTypeName() {
    return "ratatoskr-trusted-classes";
  }

  @Override
  public @Nullable LogicalType fromSchema(Schema schema) {
    return null;
  }
}
