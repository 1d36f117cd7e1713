package io.ratatoskr.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Warnings that a test, or any test of a class, provokes on purpose; see {@link QuietLogs}. */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface AllowWarnings {

  /** Regular expressions; one must be found in {@code logger: message}. */
  String[] value();
}
