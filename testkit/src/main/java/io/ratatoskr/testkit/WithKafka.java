package io.ratatoskr.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test class uses Kafka: its methods and its constructor may take a {@link TestKafka}. The
 * broker is embedded and shared by all test classes of the JVM; {@code -Dkafka=testcontainers}
 * takes a container with the same settings instead, provided that {@code
 * org.testcontainers:testcontainers-kafka} is on the class path (in this project's own build it
 * then is).
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({KafkaExtension.class, StrayThreads.class})
public @interface WithKafka {

  /**
   * Whether the class gets a broker of its own, closed after its last test. For tests that use
   * topics or groups of fixed names, such as those under {@code ratatoskr.sys}; a further embedded
   * broker takes a quarter of a second to start.
   */
  boolean ownBroker() default false;
}
